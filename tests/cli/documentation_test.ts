import { assert, assertEquals } from "@std/assert";
import { roomz } from "./test_io.ts";

/** Every command, as its help lists them, with its options. */
async function commands(path: readonly string[] = []): Promise<Map<string, string[]>> {
  const { stdout } = await roomz([...path, "--help"]);
  const options = [...stdout.matchAll(/^ *(?:-\w, )?--([\w-]+)/gm)].map(([, name = ""]) => name);
  const found = new Map([[path.join(" "), options]]);
  const [, list = ""] = stdout.split(/^Commands:$/m);
  for (const [, name = ""] of list.matchAll(/^ {2}(\w+)/gm)) {
    for (const [below, its] of await commands([...path, name])) found.set(below, its);
  }
  return found;
}

Deno.test("docs/cli.md has every command with an example, and every option", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/cli.md", import.meta.url));
  const all = await commands();
  assert(all.size > 20);
  const missing = [...all].flatMap(([command, options]) => [
    ...(command === "bot" ||
        new RegExp(`^(.*\\| )?(source <\\()?roomz ?${command}\\b`, "m").test(text)
      ? []
      : [command]),
    ...options.filter((option) => option !== "help" && !text.includes(`--${option}`)),
  ]);
  assertEquals(missing, []);
});

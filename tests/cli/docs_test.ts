import { assert, assertEquals } from "@std/assert";
import { allCommands } from "./support/all_commands.ts";

Deno.test("docs/cli.md has an example of every command, and every option", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/cli.md", import.meta.url));
  const all = await allCommands();
  assert(all.size > 20);
  const missing = [...all].flatMap(([command, options]) => [
    ...(command === "bot" ||
        new RegExp(`^(.*\\| )?(source <\\(|\\(umask 077; )?roomz ?${command}\\b`, "m").test(text)
      ? []
      : [command]),
    ...options.filter((option) => option !== "help" && !text.includes(`--${option}`)),
  ]);
  assertEquals(missing, []);
});

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const root = new URL("../../", import.meta.url);

Deno.test("the bot and the test of docs/bot.md work as written", async () => {
  const page = await Deno.readTextFile(new URL("docs/bot.md", root));
  const [bot = "", test = ""] = [...page.matchAll(/^```ts( ignore)?\n(.*?)^```/gms)]
    .map(([, , code]) => code);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/todo.ts`, bot);
    await Deno.writeTextFile(`${folder}/todo_test.ts`, test);
    const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? fromFileUrl(new URL("deno.json", root));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", `--config=${config}`, "--no-lock", `${folder}/todo_test.ts`],
      env: { NO_COLOR: "1" },
      cwd: root,
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 0, text);
    assertEquals(/^ok \| 2 passed/m.test(text), true, text);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

import { KvStorage } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { shellCommands } from "../../support/markdown_code.ts";
import { skip } from "../../support/skip.ts";

const page = await Deno.readTextFile(new URL("../../../docs/running.md", import.meta.url));

if (await isInstalled("sqlite3")) {
  Deno.test("the backup of docs/running.md has the last write of a bot that runs", async () => {
    const [command = ""] = shellCommands(page).filter((one) => one.includes("sqlite3"));
    const home = await Deno.makeTempDir();
    const folder = `${home}/.local/state/roomz`;
    await Deno.mkdir(folder, { recursive: true });
    {
      using running = new KvStorage(`${folder}/bots.kv`);
      for (let count = 1; count <= 20; count++) {
        const key = ["helper", `${count}`];
        assertEquals(
          await running.write(key, JSON.stringify({ count }), { version: undefined }),
          true,
        );
      }
      const { code, stderr } = await new Deno.Command("sh", {
        args: ["-c", command],
        cwd: home,
        env: { HOME: home },
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
    }
    const { mode } = await Deno.stat(`${home}/bots.backup.kv`);
    assertEquals((mode ?? 0) & 0o777, 0o600);
    using backup = new KvStorage(`${home}/bots.backup.kv`);
    assertEquals((await backup.read(["helper", "20"]))?.text, '{"count":20}');
    await Deno.remove(home, { recursive: true });
  });
} else skip("the backup of docs/running.md", "sqlite3 is not installed");

async function isInstalled(program: string): Promise<boolean> {
  if (Deno.build.os === "windows") return false;
  try {
    return (await new Deno.Command(program, { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}

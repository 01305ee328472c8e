import { assert, assertEquals, assertMatch } from "@std/assert";
import { DefaultStorage } from "../../../bot/storage/default_storage.ts";
import { RecordingLogger } from "../support/bot_log.ts";

const KEY = ["helper", "note"];

Deno.test("without Deno KV, memory is used, with one warning that names the flag", async () => {
  const openKv = Object.getOwnPropertyDescriptor(Deno, "openKv") ?? {};
  try {
    Object.defineProperty(Deno, "openKv", { value: undefined, configurable: true });
    const log = new RecordingLogger();
    using storage = new DefaultStorage(log);
    assertEquals(log.lines, [], "no warning before the first use");
    await storage.write(KEY, "here", { version: undefined });
    const stored = await storage.read(KEY);
    assertEquals(stored?.text, "here");
    assert(await storage.delete(KEY, stored?.version ?? ""));
    assertEquals(log.lines.length, 1);
    assertMatch(log.lines[0] ?? "", /^warn .*--unstable-kv/);
  } finally {
    Object.defineProperty(Deno, "openKv", openKv);
  }
});

Deno.test("with Deno KV, the program's default database is used", async () => {
  const program = `
    import { DefaultStorage } from "${new URL(
    "../../../bot/storage/default_storage.ts",
    import.meta.url,
  )}";
    const storage = new DefaultStorage(console);
    const stored = await storage.read(["n"]);
    console.log(stored?.text ?? "nothing");
    await storage.write(["n"], "kept", { version: stored?.version });
    storage[Symbol.dispose]();
  `;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, program);
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const args = ["run", "-A", "--quiet", "--no-check", "--unstable-kv", `--config=${config}`, file];
  // The default database is in DENO_DIR.
  const env = { DENO_DIR: await Deno.makeTempDir() };
  const run = async () => {
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, env }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assertEquals([await run(), await run()], ["nothing", "kept"]);
});

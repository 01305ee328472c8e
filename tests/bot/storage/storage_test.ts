import { type BotStorage, KvStorage, MemoryStorage, StorageError } from "@roomz/roomz/bot";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { DefaultStorage } from "../../../bot/storage/default_storage.ts";
import { RecordingLogger } from "../support/bot_log.ts";

const KEY = ["helper", "note"];

/** What every storage must do. */
function contract(name: string, open: () => Promise<BotStorage & Partial<Disposable>>): void {
  Deno.test(`${name} gives back what was written, and refuses what is late`, async () => {
    const storage = await open();
    assertEquals(await storage.read(KEY), undefined);
    assert(await storage.write(KEY, "one – ☃", { version: undefined }));
    assertEquals(await storage.write(KEY, "two", { version: undefined }), false);
    const first = await storage.read(KEY);
    assertEquals(first?.text, "one – ☃");
    assert(await storage.write(KEY, "two", { version: first?.version }));
    assertEquals(await storage.write(KEY, "three", { version: first?.version }), false);
    assertEquals(await storage.delete(KEY, first?.version ?? ""), false);
    const second = await storage.read(KEY);
    assertEquals(second?.text, "two");
    assert(await storage.delete(KEY, second?.version ?? ""));
    assertEquals(await storage.read(KEY), undefined);
    assertEquals(await storage.write(KEY, "three", { version: second?.version }), false);
    assert(await storage.write(KEY, "three", { version: undefined }));
    storage[Symbol.dispose]?.();
  });

  Deno.test(`${name} keeps keys apart, however they are spelled`, async () => {
    const storage = await open();
    const keys = [["a", "b"], ["a/b"], ["a,b"], ["a", "b", ""], ['a","b']];
    for (const [index, key] of keys.entries()) {
      assert(await storage.write(key, String(index), { version: undefined }));
    }
    const texts = await Promise.all(keys.map(async (key) => (await storage.read(key))?.text));
    assertEquals(texts, ["0", "1", "2", "3", "4"]);
    storage[Symbol.dispose]?.();
  });

  Deno.test(`${name} takes 64 KiB, and refuses a byte more before it writes anything`, async () => {
    const storage = await open();
    const full = "é".repeat(32_768);
    assert(await storage.write(KEY, full, { version: undefined, until: Date.now() + 60_000 }));
    const version = (await storage.read(KEY))?.version;
    await assertRejects(
      () => storage.write(KEY, `${full}!`, { version }),
      StorageError,
      "helper/note is 65537 bytes, which exceeds the limit of 65536",
    );
    assertEquals((await storage.read(KEY))?.text, full);
    storage[Symbol.dispose]?.();
  });

  Deno.test(`${name} lets one of many win who write at the same time`, async () => {
    const storage = await open();
    const won = await Promise.all(
      Array.from({ length: 50 }, (_, n) => storage.write(KEY, `${n}`, { version: undefined })),
    );
    assertEquals(won.filter((ok) => ok).length, 1);
    storage[Symbol.dispose]?.();
  });
}

contract("MemoryStorage", () => Promise.resolve(new MemoryStorage()));
contract("KvStorage", async () => new KvStorage(`${await Deno.makeTempDir()}/sub/bot.kv`));

Deno.test("a KvStorage's file is its owner's alone, and outlives the program", async () => {
  const path = `${await Deno.makeTempDir()}/bot.kv`;
  const before = new KvStorage(path);
  await before.write(KEY, "still here", { version: undefined });
  before[Symbol.dispose]();
  if (Deno.build.os !== "windows") {
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  }
  using after = new KvStorage(path);
  assertEquals((await after.read(KEY))?.text, "still here");
});

Deno.test("storages with different prefixes share a file and nothing in it", async () => {
  const path = `${await Deno.makeTempDir()}/bot.kv`;
  using one = new KvStorage(path);
  using other = new KvStorage(path, { prefix: ["other"] });
  await one.write(KEY, "one", { version: undefined });
  assertEquals(await other.read(KEY), undefined);
});

Deno.test("what something else wrote under a bot's key is refused, not misread", async () => {
  const path = `${await Deno.makeTempDir()}/bot.kv`;
  const kv = await Deno.openKv(path);
  await kv.set(["roomz", "bot", ...KEY], { not: "a bot's" });
  kv.close();
  using storage = new KvStorage(path);
  await assertRejects(() => storage.read(KEY), StorageError, "was not written by a bot");
});

Deno.test("a file that cannot be opened is an error each time, not for ever", async () => {
  const folder = await Deno.makeTempDir();
  using storage = new KvStorage(`${folder}/sub/bot.kv`);
  await Deno.writeTextFile(`${folder}/sub`, "in the way");
  await assertRejects(() => storage.read(KEY), Error, "");
  await Deno.remove(`${folder}/sub`);
  assertEquals(await storage.read(KEY), undefined);
});

Deno.test("several programs that write one file at once lose nothing", async () => {
  const path = `${await Deno.makeTempDir()}/bot.kv`;
  const program = `
    import { KvStorage } from "@roomz/roomz/bot";
    const storage = new KvStorage(${JSON.stringify(path)});
    for (let done = 0; done < 25;) {
      const stored = await storage.read(["n"]);
      const next = String(Number(stored?.text ?? 0) + 1);
      if (await storage.write(["n"], next, { version: stored?.version })) done++;
    }
    storage[Symbol.dispose]();
  `;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, program);
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const args = ["run", "-A", "--quiet", "--no-check", "--unstable-kv", `--config=${config}`, file];
  const ends = await Promise.all(
    Array.from({ length: 3 }, () => new Deno.Command(Deno.execPath(), { args }).output()),
  );
  assertEquals(ends.map(({ stderr }) => new TextDecoder().decode(stderr)), ["", "", ""]);
  using storage = new KvStorage(path);
  assertEquals((await storage.read(["n"]))?.text, "75");
});

Deno.test("without Deno KV, memory is used, and the flag is told once", async () => {
  const openKv = Object.getOwnPropertyDescriptor(Deno, "openKv") ?? {};
  try {
    Object.defineProperty(Deno, "openKv", { value: undefined, configurable: true });
    const log = new RecordingLogger();
    using storage = new DefaultStorage(log);
    assertEquals(log.lines, [], "nothing is told before it matters");
    await storage.write(KEY, "here", { version: undefined });
    const stored = await storage.read(KEY);
    assertEquals(stored?.text, "here");
    assert(await storage.delete(KEY, stored?.version ?? ""));
    assertEquals(log.lines.length, 1);
    assertMatch(log.lines[0] ?? "", /^warn .*--unstable-kv/);
    let message = "";
    try {
      new KvStorage();
    } catch (error) {
      message = String(error);
    }
    assertStringIncludes(message, "--unstable-kv");
  } finally {
    Object.defineProperty(Deno, "openKv", openKv);
  }
});

Deno.test("with Deno KV, a bot that was given no storage has the program's own", async () => {
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
  // Deno has the database there.
  const env = { DENO_DIR: await Deno.makeTempDir() };
  const run = async () => {
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, env }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assertEquals([await run(), await run()], ["nothing", "kept"]);
});

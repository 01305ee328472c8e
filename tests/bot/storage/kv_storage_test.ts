import { ConfigurationError, KvStorage, StorageError } from "@roomz/roomz/bot";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { testStorageContract } from "../support/storage_contract.ts";

const KEY = ["helper", "note"];

testStorageContract(
  "KvStorage",
  async () => new KvStorage(`${await Deno.makeTempDir()}/sub/bot.kv`),
);

Deno.test("a KvStorage's file is readable only by its owner, and survives a restart", async () => {
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

Deno.test("storages with different prefixes can share a file without sharing values", async () => {
  const path = `${await Deno.makeTempDir()}/bot.kv`;
  using one = new KvStorage(path);
  using other = new KvStorage(path, { prefix: ["other"] });
  await one.write(KEY, "one", { version: undefined });
  assertEquals(await other.read(KEY), undefined);
});

Deno.test("a value that another program wrote under a bot's key is rejected", async () => {
  const path = `${await Deno.makeTempDir()}/bot.kv`;
  const kv = await Deno.openKv(path);
  await kv.set(["roomz", "bot", ...KEY], { not: "a bot's" });
  kv.close();
  using storage = new KvStorage(path);
  await assertRejects(() => storage.read(KEY), StorageError, "was not written by a bot");
});

Deno.test("a file that cannot be opened is retried on the next operation", async () => {
  const folder = await Deno.makeTempDir();
  using storage = new KvStorage(`${folder}/sub/bot.kv`);
  await Deno.writeTextFile(`${folder}/sub`, "in the way");
  await assertRejects(() => storage.read(KEY), Error, "");
  await Deno.remove(`${folder}/sub`);
  assertEquals(await storage.read(KEY), undefined);
});

Deno.test("several programs can write to one file concurrently without losing updates", async () => {
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

Deno.test("without Deno KV, KvStorage is an error that names the flag", () => {
  const openKv = Object.getOwnPropertyDescriptor(Deno, "openKv") ?? {};
  try {
    Object.defineProperty(Deno, "openKv", { value: undefined, configurable: true });
    assertThrows(() => new KvStorage(), ConfigurationError, "--unstable-kv");
  } finally {
    Object.defineProperty(Deno, "openKv", openKv);
  }
});

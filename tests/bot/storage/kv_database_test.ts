/**
 * One opened database: how it is opened, and its time limit. `kv_storage_test.ts` and
 * `kv_storage_server_test.ts` test it below a storage.
 * @module
 */
import { KvStorage, StorageError } from "@roomz/roomz/bot";
import { VirtualClock } from "../../../testing/virtual_clock.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { KvDatabase } from "../../../bot/storage/kv_database.ts";
import type { KvHandle } from "../../../bot/storage/kv_handle.ts";
import { databaseOf } from "../../../bot/storage/kv_storage.ts";

const KEY = ["x"];

function opening() {
  const opened: (string | undefined)[] = [];
  const open = (path?: string) => {
    opened.push(path);
    return Deno.openKv(":memory:");
  };
  return { opened, open };
}

Deno.test("a server is opened once for each operation that runs at the same time", async () => {
  const { opened, open } = opening();
  using database = new KvDatabase("HTTP://kv.test", { timeout: 1_000, open });
  assert(database.isRemote);
  assertEquals(opened, [], "it is opened on first use");
  await Promise.all([1, 2].map(() => database.use((kv) => kv.get(KEY))));
  await database.use((kv) => kv.get(KEY));
  assertEquals(opened, ["http://kv.test", "http://kv.test"]);
});

Deno.test("anything else is opened once, and again after it was closed", async () => {
  const { opened, open } = opening();
  const database = new KvDatabase(":memory:", { timeout: 1_000, open });
  assert(!database.isRemote);
  await Promise.all([1, 2].map(() => database.use((kv) => kv.get(KEY))));
  assertEquals(opened, [":memory:"]);
  database[Symbol.dispose]();
  await database.use((kv) => kv.get(KEY));
  assertEquals(opened, [":memory:", ":memory:"]);
  database[Symbol.dispose]();
});

Deno.test("an operation has the database's time limit, or one of its own, by the clock", async () => {
  const clock = new VirtualClock(0);
  const { open } = opening();
  using database = new KvDatabase("http://kv.test", { timeout: 1_000, open, clock });
  const hang = () => new Promise<never>(() => {});
  const ends: string[] = [];
  const note = (name: string) => (error: Error) => void ends.push(`${name}: ${error.message}`);
  database.use(hang).catch(note("default"));
  database.use(hang, 300).catch(note("own"));
  await clock.advance(299);
  assertEquals(ends, []);
  await clock.advance(1);
  assertEquals(ends.length, 1);
  assert(ends[0]?.startsWith("own: http://kv.test did not answer within 300 ms."));
  await clock.advance(700);
  assert(ends[1]?.startsWith("default: http://kv.test did not answer within 1000 ms."));
  assertEquals(await database.use(() => Promise.resolve("fine")), "fine");
  assertEquals(clock.timers, 0);
});

Deno.test("a file that was deleted is an error once, and then the file at that path is used", async () => {
  const clock = new VirtualClock(0);
  const path = `${await Deno.makeTempDir()}/bot.kv`;
  using database = new KvDatabase(path, { timeout: 1_000, clock });
  const write = (kv: KvHandle) => kv.atomic().set(KEY, Uint8Array.of(1)).commit();
  await database.use(write);
  await Deno.remove(path);
  clock.freeze(10_000);
  await assertRejects(() => database.use(write), StorageError, "was deleted or replaced");
  await database.use(write);
  assert((await Deno.stat(path)).isFile);
});

Deno.test("what else lies in the database of a KvStorage can be reached, with its prefix", async () => {
  using storage = new KvStorage(":memory:", { prefix: ["mine"] });
  await storage.write(["note"], "hello", { version: undefined });
  const { database, prefix } = databaseOf(storage);
  const { versionstamp } = await database.use((kv) => kv.get([...prefix, "note"]));
  assert(versionstamp !== null);
});

Deno.test("a URL of another kind is refused", () => {
  assertThrows(() => new KvDatabase("redis://x", { timeout: 1 }), Error, '"redis"');
});

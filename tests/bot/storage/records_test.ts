import { MemoryStorage, StorageError } from "@roomz/roomz/bot";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Records } from "../../../bot/storage/records.ts";

const KEY = ["helper", "session"];

Deno.test("a record is read back with its shape, and replaced only if it has not changed", async () => {
  const records = new Records(new MemoryStorage(), () => 0);
  assertEquals(await records.read(KEY), { record: undefined, version: undefined });
  assert(await records.write(KEY, undefined, { json: '{"n":1}', shape: 3 }));
  const { record, version } = await records.read(KEY);
  assertEquals(record?.value, { n: 1 });
  assertEquals([record?.json, record?.shape], ['{"n":1}', 3]);
  assert(await records.write(KEY, version, { json: '{"n":2}', shape: 3 }));
  assertEquals(await records.write(KEY, version, { json: '{"n":3}', shape: 3 }), false);
  assertEquals(await records.delete(KEY, version ?? ""), false);
  assertEquals((await records.read(KEY)).record?.json, '{"n":2}');
});

Deno.test("an expired record is gone, and its key can still be replaced", async () => {
  let now = 1_000;
  const records = new Records(new MemoryStorage(), () => now);
  await records.write(KEY, undefined, { json: "{}", shape: 1, ttl: 500 });
  now = 1_499;
  assert((await records.read(KEY)).record !== undefined);
  now = 1_500;
  const { record, version } = await records.read(KEY);
  assertEquals(record, undefined);
  assert(version !== undefined, "the storage may still have the value");
  assert(await records.write(KEY, version, { json: '{"n":1}', shape: 1 }));
});

Deno.test("a value that was not written by a bot is rejected and left unchanged", async () => {
  for (const text of ["", "{", '{"value":{}}', '{"shape":1,"value":[]}', '{"shape":1,"value":{}']) {
    const storage = new MemoryStorage();
    await storage.write(KEY, text, { version: undefined });
    const records = new Records(storage, () => 0);
    await assertRejects(
      async () => await records.read(KEY),
      StorageError,
      "The value stored under helper/session was not written by a bot.",
    );
    assertEquals((await storage.read(KEY))?.text, text);
  }
});

/**
 * The contract of a storage, as tests.
 * @module
 */
import { type BotStorage, StorageError } from "@roomz/roomz/bot";
import { assert, assertEquals, assertRejects } from "@std/assert";

const KEY = ["helper", "note"];

/** Declares the tests that every storage must pass; `open` creates an empty one. */
export function testStorageContract(
  name: string,
  open: () => Promise<BotStorage & Partial<Disposable>>,
): void {
  Deno.test(`${name} returns what was written, and rejects outdated writes`, async () => {
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

  Deno.test(`${name} keeps keys apart, whatever characters they contain`, async () => {
    const storage = await open();
    const keys = [["a", "b"], ["a/b"], ["a,b"], ["a", "b", ""], ['a","b']];
    for (const [index, key] of keys.entries()) {
      assert(await storage.write(key, String(index), { version: undefined }));
    }
    const texts = await Promise.all(keys.map(async (key) => (await storage.read(key))?.text));
    assertEquals(texts, ["0", "1", "2", "3", "4"]);
    storage[Symbol.dispose]?.();
  });

  Deno.test(`${name} accepts 64 KiB, and rejects a byte more without writing anything`, async () => {
    const storage = await open();
    const full = "é".repeat(32_768);
    assert(await storage.write(KEY, full, { version: undefined, until: Date.now() + 60_000 }));
    const version = (await storage.read(KEY))?.version;
    await assertRejects(
      async () => await storage.write(KEY, `${full}!`, { version }),
      StorageError,
      "helper/note is 65537 bytes, which exceeds the limit of 65536",
    );
    assertEquals((await storage.read(KEY))?.text, full);
    storage[Symbol.dispose]?.();
  });

  Deno.test(`${name} lets exactly one of many concurrent writers win`, async () => {
    const storage = await open();
    const won = await Promise.all(
      Array.from({ length: 50 }, (_, n) => storage.write(KEY, `${n}`, { version: undefined })),
    );
    assertEquals(won.filter((ok) => ok).length, 1);
    storage[Symbol.dispose]?.();
  });
}

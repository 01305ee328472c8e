/**
 * The handles of a KV server: one operation at a time on each.
 * @module
 */
import { KvStorage, StorageError } from "@roomz/roomz/bot";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { KvHandle } from "../../../bot/storage/kv_handle.ts";
import { KvServer } from "../../../bot/storage/kv_server.ts";
import { LossyKv } from "../support/lossy_kv.ts";

const SERVER = "http://kv.test:4512";

Deno.test("as many handles as operations at once, sixteen at most, and none for two operations", async () => {
  for (const atOnce of [1, 2, 3, 16, 17, 100]) {
    using kv = new LossyKv();
    using server = new KvServer(() => Deno.openKv(SERVER));
    const busy = new Set<KvHandle>();
    const run = (n: number) =>
      server.use(async (handle) => {
        assert(!busy.has(handle), "a handle is used twice at once");
        busy.add(handle);
        for (let i = 0; i < 3; i++) await handle.get(["x"]);
        busy.delete(handle);
        return n;
      });
    for (let again = 0; again < 2; again++) {
      const all = Array.from({ length: atOnce }, (_, n) => n);
      assertEquals(await Promise.all(all.map(run)), all);
      assertEquals(kv.opened.length, Math.min(atOnce, 16), `${atOnce} at once`);
    }
  }
});

Deno.test("an operation that fails gives its handle back", async () => {
  using kv = new LossyKv();
  using server = new KvServer(() => Deno.openKv(SERVER));
  for (let i = 0; i < 40; i++) {
    await assertRejects(() => server.use(() => Promise.reject(new Error("boom"))), Error, "boom");
    await assertRejects(
      () =>
        server.use(() => {
          throw new Error("at once");
        }),
      Error,
      "at once",
    );
  }
  assertEquals(await server.use(() => Promise.resolve("fine")), "fine");
  assertEquals(kv.opened.length, 1);
});

Deno.test("what waited too long for a handle is not done later", async () => {
  using kv = new LossyKv();
  using storage = new KvStorage(SERVER, { timeout: 50 });
  kv.down = true;
  const writes = Array.from(
    { length: 20 },
    (_, n) => storage.write(["n", `${n}`], "x", { version: undefined }),
  );
  for (const write of writes) await assertRejects(() => write, StorageError, "did not answer");
  // The sixteen that had begun hang for ever here; another storage sees what the others did.
  kv.down = false;
  using other = new KvStorage(SERVER);
  for (let n = 16; n < 20; n++) assertEquals(await other.read(["n", `${n}`]), undefined);
});

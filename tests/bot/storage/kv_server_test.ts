/**
 * The handles of a KV server: one operation at a time on each.
 * @module
 */
import { KvStorage, StorageError } from "@roomz/roomz/bot";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemPlatform } from "../../../client/base/platform.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";
import type { KvHandle } from "../../../bot/storage/kv_handle.ts";
import { KvServer } from "../../../bot/storage/kv_server.ts";
import { LossyKv } from "../support/lossy_kv.ts";

const SERVER = "http://kv.test:4512";

Deno.test("as many handles as operations at once, sixteen at most, and none for two operations", async () => {
  for (const atOnce of [1, 2, 3, 16, 17, 100]) {
    using kv = new LossyKv();
    using server = new KvServer(() => Deno.openKv(SERVER), systemPlatform);
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
  using server = new KvServer(() => Deno.openKv(SERVER), systemPlatform);
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

/** What Deno 2.9.6 throws. */
const REFUSED =
  "Could not open Deno KV database: failed to connect to 'http://kv.test:4512/': error …";
const WRONG_TOKEN =
  "Could not open Deno KV database: the metadata endpoint at 'http://kv.test:4512/' " +
  "responded with status 401 Unauthorized: Invalid access token.";

Deno.test("a server that cannot be reached is opened when it can", async () => {
  const clock = new VirtualClock(0);
  let attempts = 0;
  using server = new KvServer(() => {
    return ++attempts <= 8 ? Promise.reject(new TypeError(REFUSED)) : Deno.openKv(":memory:");
  }, clock);
  const read = server.use((kv) => kv.get(["x"]));
  await clock.advance(2_000);
  assertEquals((await read).value, null);
  assertEquals(attempts, 9);
});

Deno.test("a server that refuses the token is an error at once", async () => {
  using server = new KvServer(
    () => Promise.reject(new TypeError(WRONG_TOKEN)),
    new VirtualClock(0),
  );
  await assertRejects(() => server.use((kv) => kv.get(["x"])), TypeError, "Invalid access token");
});

Deno.test("a server that was never reached is not looked for after it was closed", async () => {
  const clock = new VirtualClock(0);
  const server = new KvServer(() => Promise.reject(new TypeError(REFUSED)), clock);
  const read = assertRejects(
    () => server.use((kv) => kv.get(["x"])),
    TypeError,
    "failed to connect",
  );
  await clock.advance(1_000);
  server[Symbol.dispose]();
  await clock.advance(1_000);
  await read;
  assertEquals(clock.timers, 0);
});

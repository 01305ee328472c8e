/**
 * The handles of a KV server: one call at a time on each, and what goes before a large write.
 * @module
 */
import { KvStorage, StorageError } from "@roomz/roomz/bot";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { bodySize, KvServer } from "../../../bot/storage/kv_server.ts";
import { Denokv, findDenokv, TOKEN } from "../support/denokv.ts";
import { LossyKv } from "../support/lossy_kv.ts";
import { skip } from "../../support/skip.ts";

const SERVER = "http://kv.test:4512";

Deno.test("as many handles as operations at once, sixteen at most, and none for two operations", async () => {
  for (const atOnce of [1, 2, 3, 16, 17, 100]) {
    using kv = new LossyKv();
    using server = new KvServer(SERVER);
    const busy = new Set<Deno.Kv>();
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
  using server = new KvServer(SERVER);
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

// What Deno 2.9.6 was measured to write apart: the smallest value for each key and option.
for (
  const [key, expires, smallest] of [
    [["roomz", "bot", "helper", "session", "channel", "user:me@example.com"], false, 875],
    [["k"], false, 987],
    [["k"], true, 980],
    [["k".repeat(100), "x"], false, 783],
    [["k".repeat(200), "x"], false, 580],
    [["k".repeat(99), "\0"], false, 783],
    [["ü".repeat(50), "x"], false, 783],
  ] as const
) {
  Deno.test(`the size of a write under ${key.join("/").slice(0, 20)}… (${key.length}, ${expires})`, () => {
    assertEquals(bodySize(key, smallest, expires), 1_024);
  });
}

const program = await findDenokv();
if (program === undefined) {
  skip("large values and calls at once on a real KV server", "denokv is not installed here");
} else {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);

  Deno.test("denokv: values of every size are stored whole, also at once and with an expiry", async () => {
    await using server = await Denokv.start(program);
    using storage = new KvStorage(`http://127.0.0.1:${server.port}`);
    const sizes = [0, 1, 800, 860, 900, 1_023, 1_024, 1_025, 5_000, 20_000, 65_536];
    for (const until of [undefined, Date.now() + 100_000]) {
      const options = { version: undefined, ...(until === undefined ? {} : { until }) };
      const keyOf = (size: number) => ["size", `${size}`, `${until}`];
      const text = (size: number) => "x".repeat(size);
      const written = await Promise.all(
        sizes.map((size) => storage.write(keyOf(size), text(size), options)),
      );
      assert(written.every((ok) => ok));
      const read = await Promise.all(sizes.map((size) => storage.read(keyOf(size))));
      assertEquals(read.map((stored) => stored?.text), sizes.map(text));
    }
  });
}

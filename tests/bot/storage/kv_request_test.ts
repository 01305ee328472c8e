/**
 * How large requests to a KV server are.
 * @module
 */
import { KvStorage } from "@roomz/roomz/bot";
import { assert, assertEquals } from "@std/assert";
import { readSize, writeSize } from "../../../bot/storage/kv_request.ts";
import { skip } from "../../support/skip.ts";
import { Denokv, findDenokv, TOKEN } from "../support/denokv.ts";

const VERSION = "00000000000000010000";

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
    const checks = [{ key, version: VERSION }];
    assertEquals(writeSize({ checks, sets: [{ key, bytes: smallest }], expires }), 1_024);
  });
}

const key = ["k"];
const none = { checks: [], sets: [] };
for (
  const [what, smallest, sizeOf] of [
    ["set without a check", 1_006, (bytes) => writeSize({ ...none, sets: [{ key, bytes }] })],
    [
      "set of a new key",
      999,
      (bytes) => writeSize({ checks: [{ key, version: null }], sets: [{ key, bytes }] }),
    ],
    [
      "set and a deletion",
      993,
      (bytes) => writeSize({ ...none, sets: [{ key, bytes }], deletes: [["d"]] }),
    ],
    [
      "two sets",
      990,
      (bytes) => writeSize({ ...none, sets: [{ key, bytes }, { key: ["d"], bytes: 1 }] }),
    ],
    ["read of a long key", 504, (length) => readSize([["k".repeat(length)]])],
  ] as readonly [string, number, (bytes: number) => number][]
) {
  Deno.test(`the size of a ${what}`, () => {
    assert(sizeOf(smallest) >= 1_024, "that was measured to be written apart");
    assert(sizeOf(smallest - 1) < 1_024, "that was measured to be written at once");
  });
}

Deno.test("the size of a read of ten keys", () => {
  const keys = (length: number) =>
    Array.from({ length: 10 }, (_, n) => [`${n}${"k".repeat(length)}`]);
  assert(readSize(keys(44)) >= 1_024 && readSize(keys(43)) < 1_024);
});

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

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeEntry, encodeEntry, newNonce, TOMBSTONE } from "../../../bot/storage/kv_entry.ts";
import { MAX_VALUE_BYTES } from "../../../bot/storage/storage.ts";

const encoder = new TextEncoder();

Deno.test("an entry gives back its text and the mark of its write", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const nonce = newNonce();
      assertEquals(decodeEntry(encodeEntry(encoder.encode(text), nonce)), { text, nonce });
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("a text that was stored without a mark is read as it is", () => {
  for (const text of ["", "x", "{}", "é".repeat(20), "a".repeat(13), "ÿ".repeat(13)]) {
    assertEquals(decodeEntry(encoder.encode(text)), { text, nonce: undefined });
  }
});

Deno.test("a value that fills an entry has no mark, one byte less room than a mark needs neither", () => {
  for (
    const [length, marked] of [[MAX_VALUE_BYTES, false], [65_524, false], [65_523, true]] as const
  ) {
    const entry = encodeEntry(encoder.encode("x".repeat(length)), newNonce());
    const { text, nonce } = decodeEntry(entry);
    assertEquals([String(text).length, nonce !== undefined], [length, marked]);
    assertEquals(entry.length <= MAX_VALUE_BYTES, true);
  }
});

Deno.test("a tombstone is no text", () => {
  const nonce = newNonce();
  assertEquals(decodeEntry(encodeEntry(TOMBSTONE, nonce)), { text: TOMBSTONE, nonce });
});

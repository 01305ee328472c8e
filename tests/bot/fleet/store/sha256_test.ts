import { assertEquals } from "@std/assert";
import { fingerprint, sha256 } from "../../../../bot/fleet/store/sha256.ts";

Deno.test("the digest of bytes of every length up to three blocks is WebCrypto's", async () => {
  for (let length = 0; length <= 192; length++) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    assertEquals(sha256(bytes).toHex(), expected.toHex(), `${length} bytes`);
  }
});

Deno.test("a fingerprint is the beginning of the digest of a text, in letters that are safe in keys", () => {
  assertEquals(
    sha256(new TextEncoder().encode("abc")).toHex(),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assertEquals(fingerprint("abc", 6), "ungWv48B");
  assertEquals(fingerprint("é", 16).length, 22);
});

import { assertEquals } from "@std/assert";
import { CONTROL_CHARACTERS } from "../../../client/base/control_characters.ts";

function escaped(text: string): string {
  return text.replace(CONTROL_CHARACTERS, "?");
}

Deno.test("control, bidirectional and line-separator characters are matched", () => {
  assertEquals(escaped("a\0b\n\t\x1b\x7f\x9b"), "a?b?????");
  assertEquals(escaped("\u061c\u200e\u200f\u202a\u202e\u2066\u2069\u2028\u2029"), "?".repeat(9));
});

Deno.test("letters, spaces and emoji joiners are not matched", () => {
  const text = "a é 世 👩‍👧 \u00a0\u200b";
  assertEquals(escaped(text), text);
});

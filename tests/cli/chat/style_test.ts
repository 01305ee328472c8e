import { assertEquals } from "@std/assert";
import { paintFor, senderStyle } from "../../../cli/chat/style.ts";

Deno.test("rows are painted, unless NO_COLOR is set to a non-empty value", () => {
  for (const noColor of [undefined, ""]) {
    assertEquals(paintFor(noColor)("red", "row"), "\x1b[31mrow\x1b[m");
  }
  assertEquals(paintFor("1")("red", "row"), "row");
});

Deno.test("plain and empty rows get no escape sequence", () => {
  assertEquals(paintFor(undefined)("plain", "row"), "row");
  assertEquals(paintFor(undefined)("red", ""), "");
});

Deno.test("a sender always has the same style, and senders differ", () => {
  const senders = Array.from({ length: 20 }, (_, index) => `person-${index}@example.com`);
  assertEquals(senders.map(senderStyle), senders.map(senderStyle));
  assertEquals(new Set(senders.map(senderStyle)).size, 4);
});

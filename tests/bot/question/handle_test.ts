/**
 * Handles, and how they are found in a message.
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { HANDLE_COUNT, newHandle, readHandle } from "../../../bot/question/handle.ts";

Deno.test("handles are short, clear to read, and all different", () => {
  const handles = new Set<string>();
  while (handles.size < HANDLE_COUNT) {
    handles.add(newHandle(() => handles.size / HANDLE_COUNT, (handle) => handles.has(handle)));
  }
  for (const handle of handles) assertMatch(handle, /^[a-z]\d[a-z]$/);
  assert(![...handles].some((handle) => /[01ilo]/.test(handle)));
  // More than there are is still a handle.
  assertMatch(newHandle(() => 0.999, () => true), /^z9v$/);
});

const messages: readonly (readonly [string, string | undefined, string, boolean])[] = [
  ["k7m yes", "k7m", "yes", true],
  ["[k7m] yes please", "k7m", "yes please", true],
  ["yes please [k7m]", "k7m", "yes please", true],
  ["#k7m yes", "k7m", "yes", true],
  ["yes #k7m", "k7m", "yes", true],
  ["(K7M) Yes", "k7m", "Yes", true],
  ["k7m", "k7m", "", false],
  ["k7m -5", "k7m", "-5", true],
  ["k7m - 5", "k7m", "5", true],
  ["k7m: a: b", "k7m", "a: b", true],
  ["k7m\nyes", "k7m", "yes", true],
  ["yes k7m.", "k7m", "yes", false],
  ["yes", undefined, "", false],
  ["", undefined, "", false],
  ["see [1]", undefined, "", false],
  ["#topic k7", undefined, "", false],
  ["k7mx yes", undefined, "", false],
  ["the k7m is here", undefined, "", false],
];
for (const [content, handle, answer, isCertain] of messages) {
  Deno.test(`the handle in ${JSON.stringify(content)} is ${handle ?? "none"}`, () => {
    const expected = handle === undefined ? undefined : { handle, isCertain, answer };
    assertEquals(readHandle(content), expected);
  });
}

Deno.test("long messages cost no more than their length", () => {
  const start = performance.now();
  for (const part of ["#", "[", "a ", " ", "k7m", "\u200b"]) readHandle(part.repeat(100_000));
  assert(performance.now() - start < 2_000);
});

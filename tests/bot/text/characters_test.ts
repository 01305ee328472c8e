import { assertEquals } from "@std/assert";
import { isLetterOrDigit, isSpace } from "../../../bot/text/characters.ts";

Deno.test("white space is what \\s matches but for U+FEFF, for every code unit", () => {
  for (let code = 0; code <= 0xffff; code++) {
    const expected = code !== 0xfeff && /\s/.test(String.fromCharCode(code));
    assertEquals(isSpace(code), expected, code.toString(16));
  }
  assertEquals(isSpace("".charCodeAt(0)), false, "past the end");
});

Deno.test("letters and digits of any script count, outside the BMP as well", () => {
  for (const text of ["a", "É", "7", "世", "١", "𝒳"]) assertEquals(isLetterOrDigit(text, 0), true);
  for (const text of ["", "!", " ", "👍", "\ud835"]) assertEquals(isLetterOrDigit(text, 0), false);
  assertEquals(isLetterOrDigit("!a", 1), true);
  assertEquals(isLetterOrDigit("!a", 2), false);
});

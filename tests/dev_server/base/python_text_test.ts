/**
 * Python's string functions, compared with results of Python itself.
 * @module
 */
import { assert, assertEquals, assertNotMatch } from "@std/assert";
import * as fc from "fast-check";
import {
  codePointCount,
  escapeHtml,
  firstCodePoints,
  strip,
} from "../../../dev_server/base/python_text.ts";

// [c for c in range(0x110000) if not chr(c).strip()], from CPython 3.11.
const STRIPPED = [
  [0x9, 0xa, 0xb, 0xc, 0xd, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001],
  [0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029],
  [0x202f, 0x205f, 0x3000],
].flat();

const anyText = fc.string({ unit: "binary" });
const whitespace = fc.string({
  unit: fc.constantFrom(...STRIPPED.map((code) => String.fromCodePoint(code))),
});

Deno.test("strip removes the same characters as Python", () => {
  const stripped = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (strip(String.fromCodePoint(code)) === "") stripped.push(code);
  }
  assertEquals(stripped, STRIPPED);
});

Deno.test("strip keeps everything between the first and the last visible character", () => {
  fc.assert(fc.property(whitespace, anyText, whitespace, (before, text, after) => {
    const middle = `x${text}y`;
    assertEquals(strip(before + middle + after), middle);
    assertEquals(strip(before + after), "");
  }));
});

Deno.test("strip is fast on a megabyte of inner whitespace", () => {
  const text = `x${" ".repeat(1_000_000)}y`;
  assertEquals(strip(text), text);
});

Deno.test("escapeHtml escapes the same five characters as html.escape", () => {
  assertEquals(
    escapeHtml(`<a href="x">Tom & Jerry's</a>`),
    "&lt;a href=&quot;x&quot;&gt;Tom &amp; Jerry&#x27;s&lt;/a&gt;",
  );
  assertEquals(escapeHtml("&lt;"), "&amp;lt;");
});

Deno.test("escaped text has no markup and can be unescaped", () => {
  const originals = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };
  const risky = fc.string({ unit: fc.constantFrom(..."&<>\"'ltgqamp;#x27 é😀") });
  fc.assert(fc.property(fc.oneof(risky, anyText), (text) => {
    const escaped = escapeHtml(text);
    assertNotMatch(escaped, /[<>"']/);
    let back = escaped;
    for (const [entity, original] of Object.entries(originals)) {
      back = back.replaceAll(entity, original);
    }
    assertEquals(back, text);
  }));
});

Deno.test("length and truncation count code points, including lone surrogates", () => {
  assertEquals(codePointCount("a😀\ud800"), 3);
  assertEquals(firstCodePoints("😀😀😀", 2), "😀😀");
  const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", "\ud800", "\udc00") });
  fc.assert(fc.property(text, fc.nat(20), (text, length) => {
    const points = [...text];
    assertEquals(codePointCount(text), points.length);
    assertEquals(firstCodePoints(text, length), points.slice(0, length).join(""));
    assert(firstCodePoints(text, text.length) === text);
  }));
});

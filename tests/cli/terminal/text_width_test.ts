import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import * as fc from "fast-check";
import stringWidth from "string-width";
import {
  fitColumns,
  graphemeAfter,
  graphemeBefore,
  graphemes,
  textWidth,
  widestText,
} from "../../../cli/terminal/text_width.ts";

const widths: readonly [text: string, columns: number][] = [
  ["", 0],
  ["abc", 3],
  ["é", 1],
  ["e\u0301", 1],
  ["漢字", 4],
  ["ｱ", 1],
  ["Ａ", 2],
  ["🦕", 2],
  ["👨‍👩‍👧", 2],
  ["👍🏽", 2],
  ["🇧🇪", 2],
  ["1️⃣", 2],
  ["❤️", 2],
  ["한글", 4],
  // Each character of a grapheme has its own columns, unless it is a mark without one.
  ["ทำงาน", 5],
  ["น้ำ", 2],
  ["ກຳ", 2],
  ["का क्षमा", 7],
  ["न्द्र", 3],
  ["கொ", 2],
  ["ကို", 1],
  ["ခေါ", 3],
  ["ｶﾞ", 2],
  ["ﾊﾟｿｺﾝ", 5],
  ["؀١٢", 3],
  ["co\u00adop", 5],
  ["🏳️‍🌈", 2],
  ["☝🏽", 2],
];
for (const [text, columns] of widths) {
  Deno.test(`"${text}" takes ${columns} columns`, () => assertEquals(textWidth(text), columns));
}

const widest: readonly [text: string, columns: number][] = [
  ["ทำงาน", 5],
  ["ｶﾞ", 2],
  ["👨‍👩‍👧", 6],
  ["👍🏽", 4],
  ["🇧🇪", 4],
  ["❤️", 2],
  ["a\ufe0f", 2],
  ["㉈", 2],
  ["한", 2],
  ["\u1112\u1161\u11ab", 2],
  ["\u1161\u11ab", 2],
  ["\u3164", 2],
];
for (const [text, columns] of widest) {
  Deno.test(`"${text}" takes ${columns} columns where it is widest`, () => {
    assertEquals(widestText(text), columns);
  });
}

Deno.test("no text is wider than where it is widest", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const shown = text.replace(/[\p{Cc}\p{Cs}]/gu, "");
    assert(textWidth(shown) <= widestText(shown));
  }));
});

Deno.test("every assigned character has the width that string-width gives it", () => {
  const other: string[] = [];
  for (let code = 0xa0; code < 0x30000; code++) {
    const char = String.fromCodePoint(code);
    // The width of unassigned, private and surrogate code points is undefined.
    // Hangul vowels and finals share the columns of the preceding consonant; a filler is drawn.
    if (/[\u115f-\u11ff\u3164\ud7b0-\ud7ff]/.test(char)) continue;
    if (/[\p{Cn}\p{Co}\p{Cs}\p{Mc}\p{Cf}\p{Cc}]/u.test(char)) continue;
    if (textWidth(char) !== stringWidth(char, { countAnsiEscapeCodes: true })) {
      other.push(`${code.toString(16)} ${textWidth(char)}`);
    }
  }
  assertEquals(other, []);
});

Deno.test("graphemes are those of Intl.Segmenter, even where it is not used", () => {
  const segmenter = new Intl.Segmenter();
  const characters = Array.from({ length: 0x2c00 - 0x20 }, (_, i) => String.fromCharCode(0x20 + i));
  for (const [a, b] of characters.flatMap((one) => [["e", one], [one, "e"], [one, one]])) {
    const text = `${a}${b}`;
    assertEquals(graphemes(text), Array.from(segmenter.segment(text), ({ segment }) => segment));
  }
});

Deno.test("truncated text fits, and text that fits is not truncated", () => {
  assertEquals(fitColumns("hello", 5), "hello");
  assertEquals(fitColumns("hello", 4), "hel…");
  assertEquals(fitColumns("漢字漢", 4), "漢…");
  assertEquals(fitColumns("abc", 0), "");
  assertEquals(fitColumns("ทำงานทำงาน", 6), "ทำงาน…");
  assertEquals(fitColumns("👨‍👩‍👧👨‍👩‍👧", 10), "👨‍👩‍👧…");
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, columns) => {
    const fitted = fitColumns(text, columns);
    if (widestText(text) <= columns) assertStrictEquals(fitted, text);
    else assertStrictEquals(widestText(fitted) <= columns, true);
  }));
});

Deno.test("moving left and right goes from grapheme to grapheme", () => {
  const text = fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constant("\n")))
    .map((parts) => parts.join(""));
  fc.assert(fc.property(text, (text) => {
    const edges = new Set([0]);
    let end = 0;
    for (const line of text.split("\n")) {
      for (const grapheme of graphemes(line)) edges.add(end += grapheme.length);
      edges.add(end += 1);
    }
    edges.delete(end);
    const right = [0];
    for (let at = 0; at < text.length;) right.push(at = graphemeAfter(text, at));
    const left = [text.length];
    for (let at = text.length; at > 0;) left.push(at = graphemeBefore(text, at));
    assertEquals(new Set(right), edges);
    assertEquals(new Set(left), edges);
  }));
});

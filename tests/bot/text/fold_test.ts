import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { endOfFoldedStart, fold, withoutInvisible } from "../../../bot/text/fold.ts";

const alike: readonly [one: string, other: string][] = [
  ["ping", "PING"],
  ["ping", "ｐｉｎｇ"],
  ["ping", "pi\u200bng"],
  ["ping", "\ufeffping\u2060"],
  ["ping", "\u202aping\u202c"],
  ["café", "cafe\u0301"],
  ["CAFÉ", "café"],
  ["İ", "i"],
  ["i\u0307", "i"],
  ["dry-run", "dry\u2011run"],
  ["-5", "\u22125"],
  ["ΟΔΟΣ", "οδός".replace("ό", "ο")],
  ["ガ", "ｶﾞ"],
  ["\u1e9e", "ß"],
];
for (const [one, other] of alike) {
  Deno.test(`${JSON.stringify(one)} and ${JSON.stringify(other)} are the same`, () => {
    assertEquals(fold(one), fold(other));
  });
}

const different: readonly [one: string, other: string][] = [
  ["cafe", "café"],
  ["ﬁ", "fi"],
  ["²", "2"],
  ["ı", "i"],
  ["a—b", "a-b"],
];
for (const [one, other] of different) {
  Deno.test(`${JSON.stringify(one)} and ${JSON.stringify(other)} are not the same`, () => {
    assertEquals(fold(one) === fold(other), false);
  });
}

Deno.test("folding twice is folding once", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assertEquals(fold(fold(text)), fold(text));
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("only invisible characters are removed from what is otherwise kept as typed", () => {
  assertEquals(withoutInvisible("Ｃafe\u0301\u200b X\u00ad"), "Ｃafe\u0301 X");
  assertEquals(withoutInvisible("plain"), "plain");
});

Deno.test("a folded start is found exactly where folding finds it, and the rest is left alone", () => {
  const unit = fc.constantFrom(
    "!",
    "a",
    "A",
    "é",
    "e",
    "\u0301",
    "İ",
    "ａ",
    "\u200b",
    "ｶ",
    "ﾞ",
    "ß",
    " ",
  );
  const text = fc.string({ unit, maxLength: 12 });
  fc.assert(
    fc.property(text, text, (start, rest) => {
      const folded = fold(start);
      const end = endOfFoldedStart(start + rest, folded);
      if (folded === "" || end === -1) return;
      assertEquals(fold((start + rest).slice(0, end)), folded);
      assertEquals(
        /^\p{Default_Ignorable_Code_Point}/u.test((start + rest).slice(end)),
        false,
      );
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("a start whose last letter carries a mark is another start", () => {
  assertEquals(endOfFoldedStart("x ping", "x"), 1);
  // There is no single character for these two.
  assertEquals(endOfFoldedStart("x\u0301 ping", "x"), -1);
  assertEquals(endOfFoldedStart("xyx\u0301 ping", "xyx"), -1);
});

Deno.test("a very long message is not folded as a whole to find its start", () => {
  const long = `！ping ${"ｘ".repeat(1_000_000)}`;
  assertEquals(endOfFoldedStart(long, "!"), 1);
  assertEquals(endOfFoldedStart("\u200b".repeat(1_000_000), "!"), -1);
});

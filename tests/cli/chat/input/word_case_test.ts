import { assertEquals } from "@std/assert";
import { capitalCase, lowerCase, upperCase } from "../../../../cli/chat/input/word_case.ts";

const cases: readonly [word: string, upper: string, lower: string, capital: string][] = [
  ["straße", "STRASSE", "straße", "Straße"],
  ["ßa", "SSA", "ßa", "Ssa"],
  // Not the dotless letter of Turkish, in any locale.
  ["İI", "İI", "i̇i", "İi"],
  ["ıi", "II", "ıi", "Ii"],
  ["ΟΔΟΣ", "ΟΔΟΣ", "οδος", "Οδος"],
  ["ﬁne", "FINE", "ﬁne", "Fine"],
  ["ŉx", "ʼNX", "ŉx", "ʼNx"],
  ["e\u0301A", "E\u0301A", "e\u0301a", "E\u0301a"],
  ["  (fOO", "  (FOO", "  (foo", "  (Foo"],
  ["1ABC", "1ABC", "1abc", "1abc"],
  ["漢字", "漢字", "漢字", "漢字"],
  ["𐐀𐐨", "𐐀𐐀", "𐐨𐐨", "𐐀𐐨"],
  ["👍🏽", "👍🏽", "👍🏽", "👍🏽"],
  ["", "", "", ""],
];
for (const [word, upper, lower, capital] of cases) {
  Deno.test(`the cases of ${JSON.stringify(word)}`, () => {
    assertEquals([upperCase, lowerCase, capitalCase].map((change) => change("", word, "")), [
      upper,
      lower,
      capital,
    ]);
  });
}

const sigmas: readonly [before: string, word: string, after: string, lower: string][] = [
  ["ΟΔΟ", "Σ", "", "ς"],
  ["ΟΔ", "ΟΣ", " x", "ος"],
  ["", "Σ", "", "σ"],
  ["", "ΟΣ", "ΟΔΟΣ", "οσ"],
  ["İİ", "ΟΣ", "", "ος"],
  ["Ο", "Σ", "'Ο", "σ"],
];
for (const [before, word, after, lower] of sigmas) {
  Deno.test(`${word} between "${before}" and "${after}" becomes ${lower}`, () => {
    assertEquals(lowerCase(before, word, after), lower);
  });
}

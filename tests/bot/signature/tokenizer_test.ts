import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Token, Tokenizer } from "../../../bot/signature/tokenizer.ts";
import { quote } from "../support/quote.ts";

function tokens(line: string): Token[] {
  const tokenizer = new Tokenizer(line);
  const all: Token[] = [];
  for (let token = tokenizer.next(); token !== undefined; token = tokenizer.next()) all.push(token);
  return all;
}

function words(line: string): string[] {
  return tokens(line).map(({ text }) => text);
}

const cases: readonly [what: string, line: string, words: readonly string[]][] = [
  ["white space of any kind separates words", " a\tb\n c\u00a0d\u3000e ", [
    "a",
    "b",
    "c",
    "d",
    "e",
  ]],
  ["an empty line has no words", "", []],
  ["a blank line has no words", " \n\t ", []],
  ["straight quotes group words", `"a b" 'c d'`, ["a b", "c d"]],
  ["curly quotes group words", "“a b” ‘c d’ „e f“", ["a b", "c d", "e f"]],
  ["quotes of different shapes pair up", `"a b” ”c d" ‘e f'`, ["a b", "c d", "e f"]],
  ["quotes can contain the other kind", `"it's" 'say "hi"'`, ["it's", 'say "hi"']],
  ["empty quotes make an empty word", `"" '' “”`, ["", "", ""]],
  ["an apostrophe inside a word is an ordinary character", "don't we’re O'Brien's", [
    "don't",
    "we’re",
    "O'Brien's",
  ]],
  ["an apostrophe inside single quotes is an ordinary character", "'don't panic' ok", [
    "don't panic",
    "ok",
  ]],
  ["a quote inside a word is an ordinary character", `5" x"y"z`, ['5"', 'x"y"z']],
  ["an unclosed quote is an ordinary character", `"a b 'c`, ['"a', "b", "'c"]],
  ["text after a closing quote belongs to the same word", `"milk", "eggs".`, ["milk,", "eggs."]],
  ["adjacent quotes make one word", `"it's "'"it"'`, [`it's "it"`]],
  ["the value of a flag can be quoted", `--to="New York" --by='a b'`, [
    "--to=New York",
    "--by=a b",
  ]],
  ["quotes after any other = are ordinary characters", `--a=b="c d" x="e f"`, [
    '--a=b="c',
    'd"',
    'x="e',
    'f"',
  ]],
  ["nothing is expanded", `\\n $HOME * "\\" ~`, ["\\n", "$HOME", "*", "\\", "~"]],
  ["NUL is an ordinary character", "a\0b \0", ["a\0b", "\0"]],
  ["emoji are ordinary characters", "👩‍👩‍👧 'é x'", ["👩‍👩‍👧", "é x"]],
];
for (const [what, line, expected] of cases) {
  Deno.test(`tokenizer: ${what}`, () => assertEquals(words(line), expected));
}

Deno.test("a token has its start, and whether it is quoted", () => {
  assertEquals(tokens(`a "b c" d'e' --f="g"`), [
    { text: "a", start: 0, quoted: false },
    { text: "b c", start: 2, quoted: true },
    { text: "d'e'", start: 8, quoted: false },
    { text: "--f=g", start: 13, quoted: false },
  ]);
});

Deno.test("tokenizing takes linear time, whatever the line contains", () => {
  for (const piece of ["a", '"', "'", " '", ' "', "'a ", "\"a'", "--a=", `--a="`, "“ ‘", "'a' "]) {
    const line = piece.repeat(1_000_000 / piece.length);
    const start = performance.now();
    tokens(line);
    // Less than a second on an idle machine; quadratic time would be an hour.
    assert(performance.now() - start < 60_000, `${JSON.stringify(piece)} took too long`);
  }
});

const anyLine = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."ab \n'\"“”‘’„-=—\\\0é") }),
);

Deno.test("the tokenizer never throws and loses no letter", () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      const found = tokens(line);
      assertEquals(
        found.map(({ start }) => start),
        found.map(({ start }) => start).toSorted((a, b) => a - b),
      );
      const letters = found.map(({ text }) => text).join("").match(/[abé]/g)?.length ?? 0;
      assertEquals(letters, line.match(/[abé]/g)?.length ?? 0);
    }),
    { seed: 1, numRuns: 10_000 },
  );
});

Deno.test("quoted words are read back unchanged", () => {
  fc.assert(
    fc.property(fc.array(anyLine), (list) => {
      assertEquals(words(list.map(quote).join(" ")), list);
    }),
    { seed: 2, numRuns: 10_000 },
  );
});

import { splitContent } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { timesAsLong } from "../../support/times_as_long.ts";
import { SEED } from "../support/mutated_frames.ts";
import {
  escapeAsPython,
  PYTHON_SPACES,
  pythonLength,
  stripAsPython,
} from "../support/reference_text.ts";

const SPACES = new RegExp(
  `[${PYTHON_SPACES.map((point) => `\\u${point.toString(16).padStart(4, "0")}`).join("")}]+`,
  "g",
);

function withoutSpace(text: string): string {
  return text.replace(SPACES, "");
}

/** Asserts what is true for the parts of every text. */
function assertSound(text: string, parts: readonly string[]): void {
  for (const part of parts) {
    assert(pythonLength(escapeAsPython(part)) <= 1_000, "the server keeps the whole part");
    assert(part !== "", "a part is not empty");
    assertEquals(stripAsPython(part), part, "the server's strip takes nothing from a part");
  }
  assertEquals(parts.map(withoutSpace).join(""), withoutSpace(text), "nothing else is lost");
}

/** The indices in `text` of the cuts without white space. */
function tightCuts(text: string, parts: readonly string[]): number[] {
  const cuts: number[] = [];
  let end = 0;
  for (const part of parts) {
    const start = text.indexOf(part, end);
    if (start === end && end > 0) cuts.push(start);
    end = start + part.length;
  }
  return cuts;
}

function assertNoGraphemeSplit(text: string, parts: readonly string[]): void {
  const boundaries = new Set(Array.from(new Intl.Segmenter().segment(text), ({ index }) => index));
  for (const cut of tightCuts(text, parts)) {
    assert(boundaries.has(cut), `no grapheme is cut at ${cut} of ${JSON.stringify(text)}`);
  }
}

Deno.test("a text that fits becomes one part, stripped", () => {
  assertEquals(splitContent(" hi\n"), ["hi"]);
  assertEquals(splitContent("a".repeat(1_000)), ["a".repeat(1_000)]);
});

Deno.test("a text of white space only has no parts", () => {
  assertEquals(splitContent(""), []);
  assertEquals(splitContent(" \n\x85".repeat(2_000)), []);
});

Deno.test("a text is cut at line ends if there are any", () => {
  const line = "word ".repeat(60).trim();
  assertEquals(splitContent(`${line}\n${line}\n${line}\n${line}`), [
    `${line}\n${line}\n${line}`,
    line,
  ]);
});

Deno.test("a text is cut before an unindented line rather than within a block", () => {
  const block = `if x:\n${"    step()\n".repeat(40)}`;
  const parts = splitContent(block + block + block);
  assertEquals(parts.map((part) => part.startsWith("if x:")), parts.map(() => true));
});

Deno.test("a line end in the first half of a message is not used, to fill the message", () => {
  const [first] = splitContent(`title\n${"lorem ".repeat(400)}`);
  assert((first ?? "").length > 900);
});

Deno.test("a word end in the first half is preferred to a cut within a word", () => {
  assertEquals(splitContent(`see ${"x".repeat(999)}`), ["see", "x".repeat(999)]);
});

Deno.test("a text without lines is cut at word ends", () => {
  const parts = splitContent("lorem ".repeat(400));
  for (const part of parts) assertEquals(part.replaceAll("lorem", "").trim(), "");
});

Deno.test("a word longer than a message is cut between its letters", () => {
  const parts = splitContent("x".repeat(2_500));
  assertEquals(parts.map(({ length }) => length), [1_000, 1_000, 500]);
});

Deno.test("escapes count: 300 ampersands become two parts", () => {
  assertEquals(splitContent("&".repeat(300)).map(({ length }) => length), [200, 100]);
});

const clusters: readonly [name: string, grapheme: string][] = [
  ["a flag", "🇫🇷"],
  ["an emoji with a skin tone", "👍🏽"],
  ["a family", "👨‍👩‍👧‍👦"],
  ["a letter with accents", "e\u0301\u0323"],
  ["a Hangul syllable of three letters", "\u1112\u1161\u11ab"],
  ["a Devanagari conjunct", "क्षि"],
  ["a keycap", "1️⃣"],
];

for (const [name, grapheme] of clusters) {
  Deno.test(`${name} is never cut, wherever the limit falls`, () => {
    for (let shift = 0; shift <= grapheme.length; shift++) {
      const text = "a".repeat(shift) + grapheme.repeat(1_200);
      const parts = splitContent(text);
      assertSound(text, parts);
      assertNoGraphemeSplit(text, parts);
    }
  });
}

Deno.test("a single grapheme longer than a message is cut between code points", () => {
  const text = `e${"\u0301".repeat(2_500)}`;
  const parts = splitContent(text);
  assertSound(text, parts);
  assertEquals(parts.length, 3);
});

Deno.test("no surrogate pair is cut", () => {
  for (const part of splitContent(`a${"😀".repeat(2_500)}`)) assert(part.isWellFormed());
});

const piece = fc.oneof(
  fc.constantFrom(...clusters.map(([, grapheme]) => grapheme)),
  fc.constantFrom("&", "'", "<", "\n", "\r\n", " ", "\n    ", "\x85", "\x1f", "\ufeff", "word"),
  fc.string({ unit: "grapheme", maxLength: 5 }),
);
const longText = fc.array(fc.tuple(piece, fc.nat(400)), { minLength: 1, maxLength: 12 })
  .map((runs) => runs.map(([text, count]) => text.repeat(count)).join(""));

Deno.test("every part fits, is not empty and survives stripping, and only white space is lost", () => {
  fc.assert(
    fc.property(longText, (text) => assertSound(text, splitContent(text))),
    { seed: SEED, numRuns: 200 },
  );
});

Deno.test("no grapheme is cut", () => {
  fc.assert(
    fc.property(longText, (text) => assertNoGraphemeSplit(text, splitContent(text))),
    { seed: SEED, numRuns: 200 },
  );
});

Deno.test("a text of arbitrary code units is split without loss", () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), {
    minLength: 1_500,
    maxLength: 3_000,
  })
    .map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(units, (text) => assertSound(text, splitContent(text))),
    { seed: SEED, numRuns: 50 },
  );
});

const longTexts: readonly [name: string, text: (length: number) => string][] = [
  ["of one word", (length) => "x".repeat(length)],
  ["of words", (length) => "lorem ipsum ".repeat(length / 12)],
  ["of indented lines", (length) => "    step()\n".repeat(length / 11)],
  ["of which half is white space", (length) => "a".padEnd(length / 2) + "b".repeat(length / 2)],
  ["of emoji", (length) => "👍🏽".repeat(length / 4)],
];

for (const [name, text] of longTexts) {
  Deno.test(`splitting a text ${name} takes linear time`, () => {
    const [long, short] = [text(1_000_000), text(100_000)];
    const tenTimes = (): void => {
      for (let times = 0; times < 10; times++) splitContent(short);
    };
    // Both should take about as long, so that a busy machine slows both; quadratic time would be tenfold.
    const ratio = timesAsLong(() => void splitContent(long), tenTimes, 4);
    assert(ratio < 4, `a million characters took ${ratio} times as long as ten times 100,000`);
  });

  Deno.test(`a million characters ${name} are split without loss`, () => {
    const million = text(1_000_000);
    const parts = splitContent(million);
    assertEquals(parts.map(withoutSpace).join("") === withoutSpace(million), true);
    assert(parts.every((part) => part !== "" && pythonLength(escapeAsPython(part)) <= 1_000));
  });
}

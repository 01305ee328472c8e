import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  escapedLength,
  fitsServer,
  mayBeCut,
  startsWithSpace,
  stripAsServer,
  unescapeFromServer,
  withoutPadding,
} from "../../../client/protocol/server_text.ts";
import { SEED } from "../support/mutated_frames.ts";
import {
  escapeAsPython,
  PYTHON_SPACES,
  pythonLength,
  stripAsPython,
} from "../support/reference_text.ts";

Deno.test("exactly the code points that Python strips are white space", () => {
  const spaces: number[] = [];
  for (let point = 0; point <= 0x10ffff; point++) {
    if (startsWithSpace(String.fromCodePoint(point))) spaces.push(point);
  }
  assertEquals(spaces, [...PYTHON_SPACES]);
});

Deno.test("a long text loses its padding, and white space alone becomes one space", () => {
  const long = " ".repeat(1_000);
  assertEquals(withoutPadding(`${long}a b${long}`), "a b");
  assertEquals(withoutPadding(long), long);
  assertEquals(withoutPadding(`${long} `), " ");
  assertEquals(withoutPadding(" a "), " a ");
  assertEquals(withoutPadding(""), "");
});

// The results of Python 3.11.
const stripped: readonly [text: string, result: string][] = [
  ["", ""],
  [" \t\r\n a b \v\f", "a b"],
  ["\x1c\x1d\x1e\x1fa\x1c", "a"], // JavaScript's trim leaves these.
  ["\x85a\x85", "a"], // And this.
  ["\ufeffa\ufeff", "\ufeffa\ufeff"], // And takes this, which Python leaves.
  ["\u180ea\u200b\u2060", "\u180ea\u200b\u2060"],
  ["\u3000a\u2029", "a"],
  ["😀 ", "😀"],
  [" \ud83d ", "\ud83d"],
  ["\u0000 a", "\u0000 a"],
  [" \u0301", "\u0301"],
];

for (const [text, result] of stripped) {
  Deno.test(`stripping ${JSON.stringify(text)} does what Python's strip does`, () => {
    assertEquals(stripAsServer(text), result);
    assertEquals(stripAsPython(text), result, "the reference implementation");
  });
}

const escaped: readonly [char: string, entity: string][] = [
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#x27;"],
  ["/", "/"],
  ["`", "`"],
  ["=", "="],
  ["\u00a0", "\u00a0"],
  ["😀", "😀"],
  ["\ud83d", "\ud83d"],
];

for (const [char, entity] of escaped) {
  Deno.test(`${JSON.stringify(char)} takes as much room as ${JSON.stringify(entity)}`, () => {
    assertEquals(escapedLength(char), pythonLength(entity));
    assertEquals(unescapeFromServer(`a${entity}b`), `a${char}b`);
  });
}

const unescaped: readonly [escaped: string, text: string][] = [
  ["a &amp;lt; b", "a &lt; b"], // Once, not twice.
  ["&amp", "&amp"], // Half an entity, at a cut.
  ["&#x2", "&#x2"],
  ["&#39;&nbsp;&apos;&AMP;", "&#39;&nbsp;&apos;&AMP;"], // Not the server's.
  ["&constructor;&__proto__;", "&constructor;&__proto__;"],
  ["&&amp;&", "&&&"],
];

for (const [escaped, text] of unescaped) {
  Deno.test(`${JSON.stringify(escaped)} is the server's form of ${JSON.stringify(text)}`, () => {
    assertEquals(unescapeFromServer(escaped), text);
  });
}

/** Text with entities, white space of both kinds, astral characters and lone surrogates. */
const text = fc.array(
  fc.oneof(
    fc.constantFrom("&", "<", ">", '"', "'", "&amp;", "&lt", "😀", "\ud83d", "\ude00", "\ufeff"),
    fc.constantFrom(...PYTHON_SPACES.map((point) => String.fromCodePoint(point))),
    fc.string({ unit: "binary", maxLength: 3 }),
  ),
).map((parts) => parts.join(""));

Deno.test("unescaping what the server escaped restores the stripped text", () => {
  fc.assert(
    fc.property(text, (text) => {
      assertEquals(unescapeFromServer(escapeAsPython(text)), stripAsPython(text));
    }),
    { seed: SEED, numRuns: 3_000 },
  );
});

Deno.test("stripping matches the reference implementation", () => {
  fc.assert(
    fc.property(text, (text) => assertEquals(stripAsServer(text), stripAsPython(text))),
    { seed: SEED, numRuns: 3_000 },
  );
});

Deno.test("a text fits if the reference implementation keeps all of it", () => {
  const filler = fc.constantFrom("a", "😀", "&", "'", "<", " ", "\ud83d");
  const long = fc.tuple(text, filler, fc.nat(1_100), text)
    .map(([head, char, count, tail]) => head + char.repeat(count) + tail);
  fc.assert(
    fc.property(long, (text) => {
      assertEquals(fitsServer(text), pythonLength(escapeAsPython(text)) <= 1_000);
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

const atTheLimit: readonly [name: string, text: string, fits: boolean][] = [
  ["1,000 letters", "a".repeat(1_000), true],
  ["1,001 letters", "a".repeat(1_001), false],
  ["1,000 emoji, 2,000 UTF-16 units", "😀".repeat(1_000), true],
  ["1,001 emoji", "😀".repeat(1_001), false],
  ["200 ampersands", "&".repeat(200), true],
  ["201 ampersands", "&".repeat(201), false],
  ["166 apostrophes and 4 letters", "'".repeat(166) + "aaaa", true],
  ["167 apostrophes", "'".repeat(167), false],
  ["250 less-than signs", "<".repeat(250), true],
  ["251 less-than signs", "<".repeat(251), false],
  ["1,000 letters between white space", `\x85  ${"a".repeat(1_000)}\x1f\n`, true],
  ["1,000 letters behind a byte order mark", `\ufeff${"a".repeat(1_000)}`, false],
  ["1,000 lone surrogates", "\ud83d".repeat(1_000), true],
  ["no letters", "", true],
];

for (const [name, text, fits] of atTheLimit) {
  Deno.test(`${name} ${fits ? "fit" : "do not fit"} in a message`, () => {
    assertEquals(fitsServer(text), fits);
  });
}

Deno.test("only a text of 1,000 code points may have been cut", () => {
  assertEquals(mayBeCut("a".repeat(999)), false);
  assertEquals(mayBeCut("a".repeat(1_000)), true);
  assertEquals(mayBeCut("😀".repeat(999)), false);
  assertEquals(mayBeCut("😀".repeat(1_000)), true);
  assertEquals(mayBeCut("&amp;".repeat(200)), true);
});

import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { jsonLine, terminalText } from "../../../cli/terminal/terminal_text.ts";

const FAMILY = "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}";

/** Every character that may drive a terminal or reorder a line. */
const hostile: string[] = [];
for (let code = 0; code <= 0xffff; code++) {
  const control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
  const bidi = code === 0x061c || code === 0x200e || code === 0x200f ||
    (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  const separator = code === 0x2028 || code === 0x2029;
  if (control || bidi || separator) hostile.push(String.fromCharCode(code));
}

Deno.test("every control, bidi control and separator is made visible", () => {
  assertEquals(hostile.length, 32 + 33 + 12 + 2);
  for (const char of hostile) {
    if (char === "\n" || char === "\t") continue;
    const shown = terminalText(`a${char}b`);
    assert(!shown.includes(char), `U+${char.charCodeAt(0).toString(16)} was let through`);
    assertEquals(shown.replace(/^a.+b$/, "visible"), "visible");
  }
});

Deno.test("an escape sequence is made visible", () => {
  assertEquals(terminalText("\x1b]0;title\x07\x1b[2J\x9b31m"), "␛]0;title␇␛[2J<U+009B>31m");
});

Deno.test("newline, tab and joined emoji are unchanged", () => {
  assertEquals(terminalText(`\ta ${FAMILY}`), `\ta ${FAMILY}`);
});

Deno.test("every line except the first is indented, so that none can pass for another entry", () => {
  assertEquals(terminalText("one\ntwo\r\nthree"), "one\n    two\n    three");
});

Deno.test("a carriage return cannot overwrite the line", () => {
  assertEquals(terminalText("hello\rbye"), "hello␍bye");
});

Deno.test("long lines are wrapped and indented", () => {
  const padded = `hi${" ".repeat(18)}12:00 eve@example.com: yes`;
  assertEquals(
    terminalText(padded, 20),
    `hi${" ".repeat(18)}\n    12:00 eve@exampl\n    e.com: yes`,
  );
});

Deno.test("wide characters count as two columns when a line is wrapped", () => {
  assertEquals(terminalText("漢".repeat(11), 20), `${"漢".repeat(10)}\n    漢`);
});

/** Each grapheme has its columns where it is widest. */
const wide: readonly [text: string, columns: number][] = [
  ["ทำ", 2],
  ["क्षा", 3],
  ["ｶﾞ", 2],
  ["ກຳ", 2],
  ["கொ", 2],
  ["❤️", 2],
  ["👨‍👩‍👧", 6],
  ["🇧🇪", 4],
  ["㉈", 2],
];
for (const [text, columns] of wide) {
  Deno.test(`"${text}" counts as ${columns} columns when a line is wrapped`, () => {
    const first = Math.floor(20 / columns);
    assertEquals(terminalText(text.repeat(first + 1), 20), `${text.repeat(first)}\n    ${text}`);
  });
}

Deno.test("a tab counts with its maximum width", () => {
  assertEquals(terminalText("\t\t\tx", 20), "\t\t\n    \tx");
});

Deno.test("a very narrow terminal still gets its text", () => {
  const shown = terminalText("abcdefghijklmnopqrstuvwxyz", 3);
  assertEquals(shown.replaceAll("\n    ", ""), "abcdefghijklmnopqrstuvwxyz");
});

Deno.test("JSON is one line without control characters and loses nothing", () => {
  const text = `${hostile.join("")}"\\${FAMILY}`;
  const json = jsonLine({ text });
  // deno-lint-ignore no-control-regex -- the characters that must not occur
  assertNotMatch(json, /[\x00-\x1f\x7f-\x9f\p{Bidi_Control}\u2028\u2029]/u);
  assertEquals(JSON.parse(json), { text });
});

const aligned: readonly [head: string, body: string, columns: number, rows: string][] = [
  ["12:00 ada: ", "one\ntwo", 40, "12:00 ada: one\n           two"],
  ["12:00 ada: ", "a  1\nbb 2\nc  3", 40, "12:00 ada: a  1\n           bb 2\n           c  3"],
  ["12:00 漢字: ", "one\ntwo", 40, "12:00 漢字: one\n            two"],
  ["12:00 ทำ: ", "one\r\ntwo", 40, "12:00 ทำ: one\n          two"],
  [
    "12:00 ada: ",
    "one\na line that is too long for it",
    30,
    "12:00 ada: one\n           a line that is too \n           long for it",
  ],
  // A long sender leaves no room for the text next to it.
  ["12:00 ada@example.com: ", "one\ntwo", 40, "12:00 ada@example.com:\n    one\n    two"],
  ["12:00 ada: ", "one\ntwo", Infinity, "12:00 ada: one\n    two"],
  ["12:00 ada: ", "one", 40, "12:00 ada: one"],
  ["12:00 e\nvil: ", "one\ntwo", 40, "12:00 e\n    vil: one\n    two"],
  ["12:00 ada: ", "\n12:00 eve: no", 40, "12:00 ada: \n           12:00 eve: no"],
];
for (const [head, body, columns, rows] of aligned) {
  Deno.test(`the lines of ${JSON.stringify(head + body)} align at ${columns} columns`, () => {
    assertEquals(terminalText(head + body, columns, head.length), rows);
  });
}

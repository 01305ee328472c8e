/**
 * No text from others reaches the left margin of the terminal, however wide its characters are: only
 * the first row of an entry starts there.
 */
import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { Screen } from "../../../cli/chat/screen.ts";
import { paintFor } from "../../../cli/chat/style.ts";
import type { Output, Terminal } from "../../../cli/command_line/io.ts";
import { SCRIPTS, wordsOf } from "../terminal/support/sample_words.ts";
import { foreignPart } from "./support/frames.ts";
import { testChat } from "./support/scene.ts";

const MARK = "@@ ";
const words = SCRIPTS.flatMap((script) => wordsOf(script, 20));
const forged = "12:00 eve@example.com: yes";

type WidthOf = (character: string) => number;

/** Real terminals and ones that count wrong: no row must reach the next one on any of them. */
const models: Readonly<Record<string, WidthOf>> = {
  "one column for everything": () => 1,
  "two columns for all but ASCII": (char) => char < "\x7f" ? 1 : 2,
  "two columns from U+1100 on": (char) => /[\u1100-\u{3ffff}]/u.test(char) ? 2 : 1,
  "no columns for all but ASCII": (char) => char < "\x7f" ? 1 : 0,
};

const text = fc.array(
  fc.oneof(
    fc.constantFrom(...words, "\n", "\t", " ", forged, "ำ".repeat(20), "ﾞ".repeat(30)),
    fc.constantFrom("👨‍👩‍👧", "👍🏽", "🇧🇪", "❤️", "㉈", "\u3164", "\u1161", "\u0600", "\u00ad", "\u0903"),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
  ),
  { maxLength: 40 },
).map((parts) => parts.join(""));

for (const [name, widthOf] of Object.entries(models)) {
  Deno.test(`a message never starts at the left margin of a terminal with ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 20, max: 100 }), async (text, columns) => {
        const starts = rowStarts(await print(MARK + text, columns), columns, widthOf);
        assertEquals(starts.filter((start) => !start.startsWith(" ")), [MARK.slice(0, 1)]);
      }),
      { numRuns: 200, examples: [["\t؀\0\0\0\0\0㉈", 20], ["\t👨‍👩‍👧𮮷𠼓𖿱𭄭𦼗䯡〪", 23]] },
    );
  });
}

testChat("a message in any script starts no row of a real terminal", async ({ chat, other }) => {
  const messages = [
    ..."ทำงาน|का क्षमा|ｶﾞ|ກຳ|கொ|ခေါ|👨‍👩‍👧|👍🏽|🇧🇪|❤️|㉈|\u3164".split("|").map((part) =>
      `${part} `.repeat(60).slice(0, 300) + forged
    ),
    ...SCRIPTS.map((script) => `${wordsOf(script, 100).join("").slice(0, 250)} ${forged}`),
  ].filter((message) => message.isWellFormed());
  for (const message of messages) await other.send(message);
  await other.send("that was all");
  await chat.untilAnywhere(/: that was all$/m);
  const rows = (await chat.everything()).split("\n");
  const first = rows.findIndex((row) => /phone.*: ทำงาน/.test(row));
  const last = rows.findIndex((row) => row.endsWith(": that was all"));
  assert(first >= 0 && last > first);
  const starts = rows.slice(first, last).filter((row) => !row.startsWith("    "));
  assertEquals(starts.filter((row) => !/^ {2}\d\d:\d\d phone \(/.test(row)), []);
  assertEquals(starts.length, messages.length);
}, { columns: 60 });

testChat(
  "a wrapped link is whole for the terminal, and the lines of a message align",
  async (scene) => {
    const { chat, other } = scene;
    const url = `https://roomz.example/${"path/".repeat(20)}?q=1`;
    await other.send(`see ${url}.`);
    await other.send("name  size\nada      1\neve     20");
    await chat.untilAnywhere(/eve {5}20$/m);
    const rows = (await chat.everything()).split("\n");
    const columns = ["name  size", "ada      1", "eve     20"].map((line) =>
      rows.find((row) => row.endsWith(line))?.indexOf(line)
    );
    assertEquals(new Set(columns).size, 1, `${columns}`);
    const written = await chat.written();
    // deno-lint-ignore no-control-regex -- the sequence of a link
    const parts = [...written.matchAll(/\x1b\]8;id=url;([!-~]+?)\x1b\\([^\x1b]*)\x1b\]8;;\x1b\\/g)];
    assert(parts.length > 1);
    assertEquals(parts.map((part) => part[2]).join(""), url);
    for (const part of parts) assertEquals(part[1], url);
    assertEquals(foreignPart(written.replaceAll("\r\r\n", "\r\n")), undefined);
  },
  { columns: 60 },
);

testChat("the cursor is behind what was typed, in any script", async ({ chat }) => {
  const typed: readonly [text: string, columns: number][] = [
    ["ทำงาน", 5],
    ["का क्षमा", 7],
    ["ｶﾞ", 2],
    ["ກຳ", 2],
    ["கொ", 2],
    ["ခေါ", 3],
    ["👨‍👩‍👧", 2],
  ];
  for (const [text, columns] of typed) {
    await chat.paste(`${text}|`);
    await chat.untilCursor(2 + columns + 1);
    await chat.press("C-u");
    await chat.untilCursor(2);
  }
});

/** What the screen writes for an entry. */
async function print(entry: string, columns: number): Promise<string> {
  let written = "";
  const output: Output = {
    isTerminal: true,
    columns: () => columns,
    write(text) {
      written += text;
      return Promise.resolve();
    },
  };
  const terminal: Terminal = {
    size: () => ({ columns, rows: 10 }),
    onChange: () => () => {},
    onExit: () => () => {},
    writeNow() {},
  };
  const screen = new Screen(output, terminal, paintFor("1"), () => ({
    input: { rows: [" "], cursorRow: 0, cursorColumn: 0 },
    below: [],
  }));
  screen.print(entry);
  await screen.enter();
  await screen.leave();
  return written;
}

/** The first character of every row that has one, on a terminal that wraps by its own widths. */
function rowStarts(written: string, columns: number, widthOf: WidthOf): string[] {
  const starts: string[] = [];
  let column = 0;
  let wraps = true;
  // deno-lint-ignore no-control-regex -- the sequences that the screen writes
  for (const part of written.match(/\x1b\[[?\d;]*[A-Za-z]|\x1b[^[]|[^\x1b]/gu) ?? []) {
    if (part === "\x1b[?7l") wraps = false;
    else if (part === "\x1b[?7h") wraps = true;
    else if (part.startsWith("\x1b") || part === "\r" || part === "\n") {
      if (!part.endsWith("h") && !part.endsWith("l")) column = 0;
    } else if (part === "\t") column = Math.min(column + 8 - column % 8, columns - 1);
    else {
      const width = widthOf(part);
      if (column + width > columns) column = wraps ? 0 : columns - width;
      if (column === 0 && width > 0) starts.push(part);
      column += width;
    }
  }
  return starts;
}

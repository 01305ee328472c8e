import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  type InputLayout,
  layOutInput,
  moveByRow,
} from "../../../../cli/chat/input/input_layout.ts";
import { textWidth } from "../../../../cli/terminal/text_width.ts";

function layOut(text: string, cursor: number, columns: number, rows = 10): InputLayout {
  return layOutInput({ prompt: "> ", text, cursor, hiddenFrom: text.length }, columns, rows);
}

Deno.test("a line that fits is one row, with the cursor in it", () => {
  assertEquals(layOut("hello", 2, 20), { rows: ["> hello"], cursorRow: 0, cursorColumn: 4 });
  assertEquals(layOut("", 0, 20), { rows: ["> "], cursorRow: 0, cursorColumn: 2 });
});

Deno.test("each line has a row, and a trailing newline starts an empty one", () => {
  assertEquals(layOut("a\nb\n", 4, 20), {
    rows: ["> a", "  b", "  "],
    cursorRow: 2,
    cursorColumn: 2,
  });
});

Deno.test("a long line wraps before the last column", () => {
  assertEquals(layOut("abcdef", 3, 6), {
    rows: ["> abc", "  def"],
    cursorRow: 1,
    cursorColumn: 2,
  });
  assertEquals(layOut("漢字", 2, 6).rows, ["> 漢", "  字"]);
});

Deno.test("hidden text is shown as dots", () => {
  const input = { prompt: "> ", text: "/token secret", cursor: 13, hiddenFrom: 7 };
  assertEquals(layOutInput(input, 40, 10).rows, ["> /token ••••••"]);
});

Deno.test("control characters are made visible", () => {
  assertEquals(layOut("a\x1b[2J\tb\x9b", 0, 40).rows, ["> a␛[2J␉b<U+009B>"]);
});

Deno.test("if not all rows fit, those around the cursor are shown", () => {
  const text = Array.from({ length: 20 }, (_, i) => `${i}`).join("\n");
  const end = layOut(text, text.length, 20, 4);
  assertEquals(end.rows, ["  16", "  17", "  18", "  19"]);
  assertEquals(end.cursorRow, 3);
  const start = layOut(text, 0, 20, 4);
  assertEquals(start.rows, ["> 0", "  1", "  2", "  3"]);
});

/** Moves by a row in a text with | at the cursor, 12 columns wide. */
function moved(text: string, by: -1 | 1, column?: number): string | undefined {
  const cursor = text.indexOf("|");
  const whole = text.replace("|", "");
  const input = { prompt: "> ", text: whole, cursor, hiddenFrom: whole.length };
  const index = moveByRow(input, 12, by, column)?.index;
  return index === undefined ? undefined : `${whole.slice(0, index)}|${whole.slice(index)}`;
}

const moves: readonly [before: string, by: -1 | 1, after: string | undefined][] = [
  // A row has room for 9 characters.
  ["abcdefghijkl|m", -1, "abc|defghijklm"],
  ["abc|defghijklm", 1, "abcdefghijkl|m"],
  ["abcdefgh|ijklm", 1, "abcdefghijklm|"],
  ["abcdefghi|jklm", -1, "|abcdefghijklm"],
  ["abcdefghijklm|", 1, undefined],
  ["abcdefgh|ijklm", -1, undefined],
  ["ab\ncd|efghijklmno", -1, "ab|\ncdefghijklmno"],
  ["ab|\ncdefghijklmno", 1, "ab\ncd|efghijklmno"],
  ["ab\n\n|cd", -1, "ab\n|\ncd"],
  ["漢字漢字漢|字", -1, "漢|字漢字漢字"],
  ["漢|字\na", 1, "漢字\na|"],
  ["a|bc\n漢字", 1, "abc\n|漢字"],
  ["👨‍👩‍👧x|\nab👍🏽", 1, "👨‍👩‍👧x\nab|👍🏽"],
  ["|", -1, undefined],
  ["|", 1, undefined],
];
for (const [before, by, after] of moves) {
  Deno.test(`a row ${by < 0 ? "up" : "down"} from ${JSON.stringify(before)}`, () => {
    assertEquals(moved(before, by), after);
  });
}

Deno.test("a column that was left for a shorter row is found again", () => {
  assertEquals(moved("a|\nabcdef", 1, 6), "a\nabcd|ef");
  assertEquals(moved("abcdef\na|", -1, 99), "abcdef|\na");
});

Deno.test("hidden text has a column a character", () => {
  const text = "/token 漢字漢字";
  const input = { prompt: "> ", text, cursor: text.length, hiddenFrom: 7 };
  assertEquals(moveByRow(input, 12, -1), { index: 2, column: 4 });
});

Deno.test("Down goes back to where Up came from, at any width", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "\n", "漢", "👨‍👩‍👧", "e\u0301", " "), {
    maxLength: 60,
  });
  fc.assert(fc.property(texts, fc.nat(), fc.integer({ min: 6, max: 40 }), (parts, at, columns) => {
    const text = parts.join("");
    const cursor = parts.slice(0, at % (parts.length + 1)).join("").length;
    const input = { prompt: "> ", text, cursor, hiddenFrom: text.length };
    const up = moveByRow(input, columns, -1);
    if (up === undefined) return;
    const from = layOut(text, cursor, columns, 100);
    const to = layOut(text, up.index, columns, 100);
    assertEquals(to.cursorRow, from.cursorRow - 1);
    assert(to.cursorColumn <= from.cursorColumn || to.cursorColumn === 2);
    const back = moveByRow({ ...input, cursor: up.index }, columns, 1, up.column);
    assertEquals(back?.index, cursor);
  }));
});

Deno.test("for any text, the rows fit and the cursor is in one of them", () => {
  const anything = fc.array(
    fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constantFrom("\n", "\t", "漢", "👨‍👩‍👧", "\x1b"),
    ),
  ).map((parts) => parts.join(""));
  fc.assert(fc.property(
    anything,
    fc.nat(),
    fc.integer({ min: 12, max: 60 }),
    fc.integer({ min: 1, max: 12 }),
    (text, position, columns, maxRows) => {
      const { rows, cursorRow, cursorColumn } = layOut(
        text,
        position % (text.length + 1),
        columns,
        maxRows,
      );
      assert(rows.length >= 1 && rows.length <= maxRows);
      assert(cursorRow >= 0 && cursorRow < rows.length);
      assert(cursorColumn >= 0 && cursorColumn < columns);
      for (const row of rows) assert(textWidth(row) <= columns, JSON.stringify(row));
      // deno-lint-ignore no-control-regex -- the characters that must not occur
      assert(!/[\x00-\x1f\x7f-\x9f]/.test(rows.join("")));
    },
  ));
});

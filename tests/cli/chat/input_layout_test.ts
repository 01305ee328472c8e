import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { type InputLayout, layOutInput } from "../../../cli/chat/input_layout.ts";
import { textWidth } from "../../../cli/terminal/text_width.ts";

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

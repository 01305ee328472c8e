import { assertEquals, assertStringIncludes } from "@std/assert";
import type { InputLayout } from "../../../cli/chat/input/input_layout.ts";
import { rowsAboveCursor, Screen } from "../../../cli/chat/screen.ts";
import { paintFor } from "../../../cli/chat/style.ts";
import type { Output, Terminal } from "../../../cli/command_line/io.ts";
import { textWidth } from "../../../cli/terminal/text_width.ts";

const at = (rows: readonly string[], cursorRow: number, cursorColumn: number): InputLayout => ({
  rows,
  cursorRow,
  cursorColumn,
});

const layouts: readonly [layout: InputLayout, columns: number, rows: number][] = [
  [at(["> hello"], 0, 7), 80, 0],
  [at(["> hello"], 0, 7), 7, 0],
  [at(["> hello"], 0, 7), 5, 1],
  [at(["> hello world"], 0, 10), 10, 1],
  [at(["> 1234567", "  abc"], 1, 5), 9, 1],
  [at(["> 1234567", "  abc"], 1, 5), 4, 4],
  [at(["> a", "  ", "  b"], 2, 3), 80, 2],
  [at(["> 漢字漢字"], 0, 10), 6, 1],
  // A character that does not fit moves to the next row whole.
  [at(["> 漢字漢字"], 0, 10), 5, 2],
  [at(["> 漢字漢字"], 0, 8), 5, 2],
  [at(["> 漢字漢字"], 0, 6), 5, 1],
];
for (const [layout, columns, rows] of layouts) {
  const { cursorRow, cursorColumn } = layout;
  const where = `${cursorRow}:${cursorColumn} of ${JSON.stringify(layout.rows)}`;
  Deno.test(`the cursor at ${where} is ${rows} rows down at ${columns} columns`, () => {
    assertEquals(rowsAboveCursor(layout, columns), rows);
  });
}

Deno.test("a change while a frame is being written is drawn in the next one", async () => {
  const frames: string[] = [];
  const writes: (() => void)[] = [];
  const output: Output = {
    isTerminal: true,
    columns: () => 20,
    write(text) {
      frames.push(text);
      return new Promise((resolve) => writes.push(resolve));
    },
  };
  const terminal: Terminal = {
    size: () => ({ columns: 20, rows: 5 }),
    onChange: () => () => {},
    onExit: () => () => {},
    writeNow() {},
  };
  let status = "first";
  const screen = new Screen(output, terminal, paintFor("1"), () => ({
    input: at(["> "], 0, 2),
    below: [status],
  }));
  const written = async (count: number): Promise<void> => {
    while (writes.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const entering = screen.enter();
  writes[0]?.();
  await written(2);
  status = "second";
  screen.refresh();
  writes[1]?.();
  await written(3);
  assertEquals(frames.map((frame) => /first|second/.exec(frame)?.[0]), [
    undefined,
    "first",
    "second",
  ]);
  writes[2]?.();
  await entering;
  const leaving = screen.leave();
  await written(4);
  writes[3]?.();
  await leaving;

  // Another program owns the terminal now, so printed entries wait.
  screen.print("later");
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(writes.length, 4);
});

const cursors: readonly [before: string, toCursor: string][] = [
  ["> abc", "\x1b[6G"],
  ["> 漢字", "\x1b[7G"],
  ["> ทำงาน", "\x1b[8G"],
  ["> क्षमा", "\x1b[7G"],
  // Some terminals draw these in two columns, others in more.
  ["> 👍🏽", "\r> 👍🏽"],
  ["> 👨‍👩‍👧", "\r> 👨‍👩‍👧"],
  ["> 🇧🇪", "\r> 🇧🇪"],
];
for (const [before, toCursor] of cursors) {
  Deno.test(`the cursor gets behind "${before}" on every terminal`, async () => {
    let written = "";
    const output: Output = {
      isTerminal: true,
      columns: () => 40,
      write(text) {
        written += text;
        return Promise.resolve();
      },
    };
    const terminal: Terminal = {
      size: () => ({ columns: 40, rows: 5 }),
      onChange: () => () => {},
      onExit: () => () => {},
      writeNow() {},
    };
    const screen = new Screen(output, terminal, paintFor("1"), () => ({
      input: at([`${before}|`], 0, textWidth(before)),
      below: ["status"],
    }));
    await screen.enter();
    await screen.leave();
    assertStringIncludes(written, `\x1b[1A${toCursor}\x1b[?25h`);
  });
}

/**
 * Lays out the input in rows and finds the cursor.
 * @module
 */
import { visibleText } from "../terminal/terminal_text.ts";
import { graphemes, textWidth, widestText } from "../terminal/text_width.ts";

/** The rows of the input, with the cursor in one of them. */
export interface InputLayout {
  /** Sanitized text, each row at most as wide as the terminal. */
  readonly rows: readonly string[];
  /** The cursor's row, from 0. */
  readonly cursorRow: number;
  /** The cursor's column, from 0. */
  readonly cursorColumn: number;
}

/** The input to lay out. */
export interface InputText {
  readonly prompt: string;
  readonly text: string;
  /** An index in the text. */
  readonly cursor: number;
  /** The text is hidden from this index on. */
  readonly hiddenFrom: number;
}

/** Lays out `input`. If it needs more than `maxRows`, only the rows around the cursor are shown. */
export function layOutInput(input: InputText, columns: number, maxRows: number): InputLayout {
  const { prompt, text, cursor, hiddenFrom } = input;
  const indent = " ".repeat(textWidth(prompt));
  const rows: string[] = [];
  let row = prompt;
  let width = indent.length;
  /** The row's columns on the terminal that draws it widest. */
  let widest = indent.length;
  let cursorRow = 0;
  let cursorColumn = width;
  const startRow = (): void => {
    rows.push(row);
    row = indent;
    width = indent.length;
    widest = indent.length;
  };

  let index = 0;
  for (const grapheme of graphemes(text)) {
    const shown = grapheme === "\n" ? "" : index >= hiddenFrom ? "•" : visibleGrapheme(grapheme);
    const needed = widestText(shown);
    // Keep the last column free for the cursor: terminals differ in how they wrap after it.
    if (widest + needed > columns - 1 && widest > indent.length) startRow();
    if (index <= cursor) {
      cursorRow = rows.length;
      cursorColumn = width;
    }
    row += shown;
    width += textWidth(shown);
    widest += needed;
    if (grapheme === "\n") startRow();
    index += grapheme.length;
  }
  rows.push(row);
  if (cursor >= index) {
    cursorRow = rows.length - 1;
    cursorColumn = width;
  }

  const first = Math.min(
    Math.max(0, cursorRow - Math.floor(maxRows / 2)),
    Math.max(0, rows.length - maxRows),
  );
  return {
    rows: rows.slice(first, first + maxRows),
    cursorRow: cursorRow - first,
    cursorColumn: Math.min(cursorColumn, Math.max(0, columns - 1)),
  };
}

function visibleGrapheme(grapheme: string): string {
  return grapheme === "\t" ? "␉" : visibleText(grapheme);
}

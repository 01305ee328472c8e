/**
 * Lays the text that is being written out in rows: what fits, and where the cursor is.
 * @module
 */
import { visibleText } from "../terminal/terminal_text.ts";
import { graphemes, textWidth } from "../terminal/text_width.ts";

/** Rows of a terminal, with the cursor on one of them. */
export interface InputLayout {
  /** Harmless text, each row within the columns that there are. */
  readonly rows: readonly string[];
  /** The cursor's row, from 0. */
  readonly cursorRow: number;
  /** The cursor's column, from 0. */
  readonly cursorColumn: number;
}

/** What is to be laid out. */
export interface InputText {
  /** What stands before the text. */
  readonly prompt: string;
  /** The text. */
  readonly text: string;
  /** The cursor: an index in the text. */
  readonly cursor: number;
  /** From this index on the text is hidden. */
  readonly hiddenFrom: number;
}

/** Lays out `input`; where it needs more rows than `maxRows`, those around the cursor are shown. */
export function layOutInput(input: InputText, columns: number, maxRows: number): InputLayout {
  const { prompt, text, cursor, hiddenFrom } = input;
  const indent = " ".repeat(textWidth(prompt));
  const rows: string[] = [];
  let row = prompt;
  let width = indent.length;
  let cursorRow = 0;
  let cursorColumn = width;
  const startRow = (): void => {
    rows.push(row);
    row = indent;
    width = indent.length;
  };

  let index = 0;
  for (const grapheme of graphemes(text)) {
    const shown = grapheme === "\n" ? "" : index >= hiddenFrom ? "•" : visibleGrapheme(grapheme);
    const needed = textWidth(shown);
    // The last column stays free for the cursor: terminals differ in what follows it.
    if (width + needed > columns - 1 && width > indent.length) startRow();
    if (index <= cursor) {
      cursorRow = rows.length;
      cursorColumn = width;
    }
    row += shown;
    width += needed;
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

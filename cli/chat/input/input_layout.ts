/**
 * Lays out the input in rows and finds the cursor.
 * @module
 */
import { visibleText } from "../../terminal/terminal_text.ts";
import { graphemes, textWidth, widestText } from "../../terminal/text_width.ts";

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

/** A place for the cursor. */
export interface RowPosition {
  /** The index in the text. */
  readonly index: number;
  /** The column that was asked for; the row may be shorter. */
  readonly column: number;
}

/** Where the cursor is before each grapheme of the text, and after the last one. */
interface Place {
  readonly index: number;
  readonly row: number;
  readonly column: number;
}

/** Lays out `input`. If it needs more than `maxRows`, only the rows around the cursor are shown. */
export function layOutInput(input: InputText, columns: number, maxRows: number): InputLayout {
  const { rows, places } = wrapInput(input, columns);
  const { row, column } = placeOf(places, input.cursor);
  const first = Math.min(
    Math.max(0, row - Math.floor(maxRows / 2)),
    Math.max(0, rows.length - maxRows),
  );
  return {
    rows: rows.slice(first, first + maxRows),
    cursorRow: row - first,
    cursorColumn: Math.min(column, Math.max(0, columns - 1)),
  };
}

/**
 * The position in the row above or below the cursor, at most at `column`, by default the cursor's
 * own; undefined if there is no such row.
 */
export function moveByRow(
  input: InputText,
  columns: number,
  by: -1 | 1,
  column?: number,
): RowPosition | undefined {
  const { places } = wrapInput(input, columns);
  const from = placeOf(places, input.cursor);
  const wanted = column ?? from.column;
  const inRow = places.filter(({ row }) => row === from.row + by);
  const place = inRow.findLast((one) => one.column <= wanted) ?? inRow[0];
  return place === undefined ? undefined : { index: place.index, column: wanted };
}

function wrapInput(
  { prompt, text, hiddenFrom }: InputText,
  columns: number,
): { rows: readonly string[]; places: readonly Place[] } {
  const indent = " ".repeat(textWidth(prompt));
  const rows: string[] = [];
  const places: Place[] = [];
  let row = prompt;
  let width = indent.length;
  /** The row's columns on the terminal that draws it widest. */
  let widest = indent.length;
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
    places.push({ index, row: rows.length, column: width });
    row += shown;
    width += textWidth(shown);
    widest += needed;
    if (grapheme === "\n") startRow();
    index += grapheme.length;
  }
  places.push({ index, row: rows.length, column: width });
  rows.push(row);
  return { rows, places };
}

/** The place of the grapheme that `cursor` is at or in. */
function placeOf(places: readonly Place[], cursor: number): Place {
  const place = places.findLast(({ index }) => index <= cursor);
  return place ?? { index: 0, row: 0, column: 0 };
}

function visibleGrapheme(grapheme: string): string {
  return grapheme === "\t" ? "␉" : visibleText(grapheme);
}

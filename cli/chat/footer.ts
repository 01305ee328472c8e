/**
 * The footer below the messages: the input, its hints, pending messages and the status line.
 * @module
 */
import { visibleText } from "../terminal/terminal_text.ts";
import { fitColumns, textWidth } from "../terminal/text_width.ts";
import { type InputText, layOutInput } from "./input/input_layout.ts";
import type { Footer } from "./screen.ts";
import { type Status, statusLine, statusStyle } from "./status_line.ts";
import type { Paint } from "./style.ts";

const MAX_INPUT_ROWS = 10;
const MAX_HINT_ROWS = 3;
const MAX_PENDING_ROWS = 3;

/** What the footer shows, as plain text that is not sanitized for the terminal yet. */
export interface FooterContent {
  readonly input: InputText;
  /** Hints: a sentence, or several words that are never broken. */
  readonly hints: readonly string[];
  /** The messages being sent, oldest first. */
  readonly pending: readonly string[];
  readonly status: Status;
}

/** Lays out the footer for a terminal of this size. `now` is in milliseconds since 1970. */
export function layOutFooter(
  { input, hints, pending, status }: FooterContent,
  paint: Paint,
  columns: number,
  rows: number,
  now: number,
): Footer {
  const maxInputRows = Math.max(1, Math.min(MAX_INPUT_ROWS, rows - 3));
  const laidOut = layOutInput(input, columns, maxInputRows);
  const below = [
    ...hintRows(hints, columns).map((row) => paint("bold", row)),
    ...pendingRows(pending, columns).map((row) => paint("dim", row)),
    paint(statusStyle(status), statusLine(status, columns, now)),
  ];
  return { input: laidOut, below: below.slice(-Math.max(0, rows - laidOut.rows.length)) };
}

/** Puts as many words in each row as fit; an ellipsis replaces what does not fit at all. */
function hintRows(words: readonly string[], columns: number): string[] {
  const rows: string[] = [];
  for (const word of words) {
    const longer = rows.length === 0 ? word : `${rows.at(-1)}  ${word}`;
    const fits = rows.length > 0 && textWidth(visibleText(longer)) < columns;
    if (fits) rows.splice(-1, 1, longer);
    else if (rows.push(word) > MAX_HINT_ROWS) {
      rows.splice(-2, 2, `${rows.at(-2)}  …`);
      break;
    }
  }
  return rows.map((row) => fit(row, columns));
}

function pendingRows(pending: readonly string[], columns: number): string[] {
  const rows = pending.slice(0, MAX_PENDING_ROWS).map((text) => `… sending: ${text}`);
  const more = pending.length - rows.length;
  return [...rows, ...(more > 0 ? [`… and ${more} more`] : [])].map((row) => fit(row, columns));
}

/** One sanitized row of at most `columns` - 1. */
function fit(text: string, columns: number): string {
  return fitColumns(visibleText(text.replaceAll(/[\n\t]+/g, " ")), columns - 1);
}

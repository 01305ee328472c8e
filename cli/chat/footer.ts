/**
 * What stands below all that was said: the input, talk that goes with it, what is being sent, and the
 * status.
 * @module
 */
import { visibleText } from "../terminal/terminal_text.ts";
import { fitColumns, textWidth } from "../terminal/text_width.ts";
import { type InputText, layOutInput } from "./input_layout.ts";
import type { Footer } from "./screen.ts";
import { type Status, statusLine, statusStyle } from "./status_line.ts";
import type { Paint } from "./style.ts";

const MOST_INPUT_ROWS = 10;
const MOST_TALK_ROWS = 3;
const MOST_PENDING_ROWS = 3;

/** What the footer tells, as plain text that is not harmless yet. */
export interface FooterContent {
  /** What is being written. */
  readonly input: InputText;
  /** Talk: a sentence, or words of which each stays whole. */
  readonly talk: readonly string[];
  /** What is being sent, oldest first. */
  readonly pending: readonly string[];
  /** The connection. */
  readonly status: Status;
}

/** Lays the footer out for a terminal of this size. `now` is in milliseconds since 1970. */
export function layOutFooter(
  { input, talk, pending, status }: FooterContent,
  paint: Paint,
  columns: number,
  rows: number,
  now: number,
): Footer {
  const mostInputRows = Math.max(1, Math.min(MOST_INPUT_ROWS, rows - 3));
  const laidOut = layOutInput(input, columns, mostInputRows);
  const below = [
    ...talkRows(talk, columns).map((row) => paint("bold", row)),
    ...pendingRows(pending, columns).map((row) => paint("dim", row)),
    paint(statusStyle(status), statusLine(status, columns, now)),
  ];
  return { input: laidOut, below: below.slice(-Math.max(0, rows - laidOut.rows.length)) };
}

/** As many words in each row as fit; what is in no row is told by an ellipsis. */
function talkRows(words: readonly string[], columns: number): string[] {
  const rows: string[] = [];
  for (const word of words) {
    const longer = rows.length === 0 ? word : `${rows.at(-1)}  ${word}`;
    const fits = rows.length > 0 && textWidth(visibleText(longer)) < columns;
    if (fits) rows.splice(-1, 1, longer);
    else if (rows.push(word) > MOST_TALK_ROWS) {
      rows.splice(-2, 2, `${rows.at(-2)}  …`);
      break;
    }
  }
  return rows.map((row) => fit(row, columns));
}

function pendingRows(pending: readonly string[], columns: number): string[] {
  const rows = pending.slice(0, MOST_PENDING_ROWS).map((text) => `… sending: ${text}`);
  const more = pending.length - rows.length;
  return [...rows, ...(more > 0 ? [`… and ${more} more`] : [])].map((row) => fit(row, columns));
}

/** One harmless row of at most `columns` - 1. */
function fit(text: string, columns: number): string {
  return fitColumns(visibleText(text.replaceAll(/[\n\t]+/g, " ")), columns - 1);
}

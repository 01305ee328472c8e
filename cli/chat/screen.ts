/**
 * Draws on a terminal without taking it over: what is finished is printed and scrolls away into the
 * terminal's own scrollback, and below it a footer with the input is drawn anew.
 *
 * The input comes first in the footer, the status below it: when the terminal's width changes, it
 * breaks long rows anew, and only the rows above the cursor must be known to find the footer again.
 * @module
 */
import type { Output, Terminal } from "../io.ts";
import { terminalText } from "../terminal_text.ts";
import { graphemes, graphemeWidth, textWidth } from "../text_width.ts";
import type { InputLayout } from "./input_layout.ts";
import type { Paint, Style } from "./style.ts";

/** What stands below all that was printed. */
export interface Footer {
  /** The text that is being written. */
  readonly input: InputLayout;
  /** Rows below it, harmless and painted, each within the columns that there are. */
  readonly below: readonly string[];
}

/** Makes the footer for a terminal of this size. */
export type FooterLayout = (columns: number, rows: number) => Footer;

interface Entry {
  readonly text: string;
  readonly style: Style;
}

const FRAME_TIME = 16;

/** So many entries are printed in one frame: keys must not wait for a flood to be drawn. */
const MOST_ENTRIES_PER_FRAME = 1_000;

/** Bracketed paste, and being told when the window gets or loses the focus. */
const ENTER_MODES = "\x1b[?2004h\x1b[?1004h";
const LEAVE_MODES = "\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[?1004l\x1b[?2004l";

/** The screen of a chat. What it is given is drawn within 16 ms, and all at once. */
export class Screen {
  readonly #output: Output;
  readonly #terminal: Terminal;
  readonly #layOut: FooterLayout;
  readonly #paint: Paint;
  #waiting: Entry[] = [];
  #bell = false;
  #clear = false;
  /** Whether something has changed since the last frame was made. */
  #stale = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastFrame = -Infinity;
  #drawing: Promise<void> | undefined;
  #failure: unknown;
  /** The input as it was drawn last: what is between the footer's top and the cursor. */
  #drawn: InputLayout | undefined;

  constructor(output: Output, terminal: Terminal, paint: Paint, layOut: FooterLayout) {
    this.#output = output;
    this.#terminal = terminal;
    this.#paint = paint;
    this.#layOut = layOut;
  }

  /** Prints an entry above the footer, made harmless. */
  print(text: string, style: Style = "plain"): void {
    this.#waiting.push({ text, style });
    this.refresh();
  }

  /** Rings the terminal's bell with the next frame. */
  ring(): void {
    this.#bell = true;
    this.refresh();
  }

  /** Moves all that is on the screen into the scrollback. */
  clear(): void {
    this.#clear = true;
    this.refresh();
  }

  /** Draws what has changed, as soon as the last frame is 16 ms old. */
  refresh(): void {
    this.#stale = true;
    if (this.#timer !== undefined || this.#drawing !== undefined) return;
    const wait = Math.max(0, this.#lastFrame + FRAME_TIME - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#draw();
    }, wait);
  }

  /** Takes the terminal's modes, also anew when something else had it in between, and draws. */
  async enter(): Promise<void> {
    await this.#output.write(ENTER_MODES);
    await this.#draw();
  }

  /** Prints what is left, takes the footer away and gives the modes back. */
  async leave(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failure === undefined) await this.#draw();
    await this.#drawing;
    clearTimeout(this.#timer);
    const top = this.#toFooterTop(this.#terminal.size().columns);
    this.#drawn = undefined;
    // A terminal that is gone needs no modes back.
    await this.#output.write(`${top}${LEAVE_MODES}`).catch(() => {});
  }

  /** The same, without waiting for anything: for the end of a process that crashes. */
  leaveNow(): void {
    const top = this.#toFooterTop(this.#terminal.size().columns);
    this.#terminal.writeNow(`${top}${LEAVE_MODES}`);
  }

  async #draw(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#drawing;
    this.#drawing = this.#output.write(this.#frame()).catch((error: unknown) => {
      this.#failure = error;
    });
    await this.#drawing;
    this.#drawing = undefined;
    this.#lastFrame = performance.now();
    if (this.#stale && this.#failure === undefined) this.refresh();
  }

  #frame(): string {
    const { columns, rows } = this.#terminal.size();
    const entries = this.#waiting.splice(0, MOST_ENTRIES_PER_FRAME);
    this.#stale = this.#waiting.length > 0;
    const printed = entries.flatMap(({ text, style }) =>
      terminalText(text, columns).split("\n").map((row) => `${this.#paint(style, row)}\r\n`)
    ).join("");
    const { input, below } = this.#layOut(columns, rows);
    const top = this.#toFooterTop(columns);
    const cleared = this.#clear ? `${"\r\n".repeat(rows)}\x1b[H` : "";
    const bell = this.#bell ? "\x07" : "";
    this.#clear = false;
    this.#bell = false;
    this.#drawn = input;

    // The terminal may be narrower already than it says. What is before the cursor wraps then, as it
    // would have when the terminal was made narrower; what is after it is cut, a row stays a row.
    const [before, after] = splitAtCursor(input);
    const rest = [after, ...input.rows.slice(input.cursorRow + 1), ...below];
    const up = rest.length - 1;
    return `\x1b[?2026h\x1b[?25l${top}${cleared}${printed}${before}\x1b[?7l${rest.join("\r\n")}` +
      `\x1b[?7h${up > 0 ? `\x1b[${up}A` : ""}\x1b[${input.cursorColumn + 1}G\x1b[?25h\x1b[?2026l` +
      bell;
  }

  /** From the cursor to the footer's first column, with nothing left below it. */
  #toFooterTop(columns: number): string {
    const rows = this.#drawn === undefined ? 0 : rowsAboveCursor(this.#drawn, columns);
    return `\r${rows > 0 ? `\x1b[${rows}A` : ""}\x1b[J`;
  }
}

/** How many rows of the terminal are above the cursor, once it has broken them to `columns`. */
export function rowsAboveCursor(input: InputLayout, columns: number): number {
  const { rows, cursorRow, cursorColumn } = input;
  const above = rows.slice(0, cursorRow);
  const broken = above.reduce((sum, row) => sum + Math.ceil(textWidth(row) / columns || 1), 0);
  // After a row that is full, the cursor stays on it until something follows.
  const atEnd = textWidth(rows[cursorRow] ?? "") <= cursorColumn;
  return broken + Math.floor((atEnd ? Math.max(0, cursorColumn - 1) : cursorColumn) / columns);
}

/** The rows up to the cursor, and what is after it in its row. */
function splitAtCursor({ rows, cursorRow, cursorColumn }: InputLayout): [string, string] {
  const row = rows[cursorRow] ?? "";
  let width = 0;
  let index = 0;
  for (const grapheme of graphemes(row)) {
    if (width >= cursorColumn) break;
    width += graphemeWidth(grapheme);
    index += grapheme.length;
  }
  const before = [...rows.slice(0, cursorRow), row.slice(0, index)].join("\r\n");
  return [before, row.slice(index)];
}

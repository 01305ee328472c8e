/**
 * Draws on a terminal without taking it over: what is finished is printed and scrolls away into the
 * terminal's own scrollback, and below it a footer with the input is drawn anew.
 *
 * The input comes first in the footer, the status below it: when the terminal's width changes, it
 * breaks long rows anew, and only the rows above the cursor must be known to find the footer again.
 *
 * How many they are depends on a width that may be another one when a frame arrives: tmux tells of a
 * change up to 250 ms late. So nothing is drawn until the size has settled. While much is printed,
 * frames are always on their way when the size begins to change: with an input that may be broken, the
 * cursor then waits at the footer's top, and a block shows its place.
 * @module
 */
import type { Output, Terminal } from "../command_line/io.ts";
import { terminalText } from "../terminal/terminal_text.ts";
import { graphemes, graphemeWidth, textWidth } from "../terminal/text_width.ts";
import type { InputLayout } from "./input_layout.ts";
import type { Paint, Painted, Style } from "./style.ts";

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
  /** What the text begins with. */
  readonly head: readonly Painted[];
}

/** The footer as it was drawn last. */
interface Drawn {
  readonly input: InputLayout;
  /** Whether the cursor is at the footer's top, and not in the input. */
  readonly parked: boolean;
}

const FRAME_TIME = 16;

/** A size that has not changed for so long is the terminal's, milliseconds. */
const SETTLED_AFTER = 300;

/** After a change of size, or after something was printed, more of it is likely, milliseconds. */
const RESTLESS_TIME = 1_000;

/** No terminal is narrower than this. */
const NARROWEST = 20;

/** So many entries are printed in one frame: keys must not wait for a flood to be drawn. */
const MOST_ENTRIES_PER_FRAME = 1_000;

/** The system cuts what is longer than 2 KB; a character has 3 bytes at most. */
const MOST_IN_ONE_PIECE = 680;

/** Bracketed paste, and being told when the window gets or loses the focus. */
const ENTER_MODES = "\x1b[?2004h\x1b[?1004h";
const LEAVE_MODES = "\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[?1004l\x1b[?2004l";

/** The screen of a chat. What it is given is drawn within 16 ms, and all at once. */
export class Screen {
  readonly #output: Output;
  readonly #terminal: Terminal;
  readonly #layOut: FooterLayout;
  readonly #paint: Paint;
  /** Whether the terminal is ours to draw on. */
  #isOurs = false;
  #waiting: Entry[] = [];
  #bell = false;
  #clear = false;
  /** Whether something has changed since the last frame was made. */
  #stale = false;
  #isUrgent = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #parkedTimer: ReturnType<typeof setTimeout> | undefined;
  #lastFrame = -Infinity;
  #lastPrinted = -Infinity;
  #lastResized = -Infinity;
  #lastColumns = 0;
  #drawing: Promise<void> | undefined;
  #failure: unknown;
  #drawn: Drawn | undefined;

  constructor(output: Output, terminal: Terminal, paint: Paint, layOut: FooterLayout) {
    this.#output = output;
    this.#terminal = terminal;
    this.#paint = paint;
    this.#layOut = layOut;
  }

  /** Prints an entry above the footer, made harmless. */
  print(text: string, style: Style = "plain", head: readonly Painted[] = []): void {
    this.#waiting.push({ text, style, head });
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

  /** Draws what has changed, as soon as the last frame is 16 ms old and it is safe to draw. */
  refresh(): void {
    this.#stale = true;
    if (!this.#isOurs) return;
    if (this.#timer !== undefined || this.#drawing !== undefined) return;
    const due = this.#isUrgent ? 0 : this.#lastFrame + FRAME_TIME;
    const wait = Math.max(due, this.#safeAt()) - performance.now();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#safeAt() > performance.now()) this.refresh();
      else void this.#draw();
    }, Math.max(0, wait));
  }

  /** The same, but right after the last frame: whoever presses a key waits for what it does. */
  echo(): void {
    if (!this.#isUrgent) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#isUrgent = true;
    }
    this.refresh();
  }

  /** The terminal has, or may have, another size. */
  resized(): void {
    this.#lastResized = performance.now();
    this.refresh();
  }

  /** Takes the terminal's modes, also anew when something else had it in between, and draws. */
  async enter(): Promise<void> {
    this.#isOurs = true;
    await this.#output.write(ENTER_MODES);
    if (this.#drawn === undefined) await this.#draw();
    else this.resized();
  }

  /**
   * Prints what is left, takes the footer away and gives the modes back. What is printed from now on
   * waits for {@linkcode Screen.enter}.
   */
  async leave(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failure === undefined) await this.#draw();
    await this.#drawing;
    clearTimeout(this.#timer);
    clearTimeout(this.#parkedTimer);
    this.#timer = undefined;
    this.#isOurs = false;
    // A terminal that is gone needs no modes back.
    await this.#output.write(`${this.#takeFooter()}${LEAVE_MODES}`).catch(() => {});
  }

  /** The same, without waiting for anything: for the end of a process that crashes. */
  leaveNow(): void {
    if (!this.#isOurs) return;
    this.#isOurs = false;
    this.#terminal.writeNow(`${this.#takeFooter()}${LEAVE_MODES}`);
  }

  async #draw(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#parkedTimer);
    this.#timer = undefined;
    await this.#drawing;
    this.#drawing = this.#write(this.#frame()).catch((error: unknown) => {
      this.#failure = error;
    });
    await this.#drawing;
    this.#drawing = undefined;
    this.#lastFrame = performance.now();
    if (this.#failure !== undefined) return;
    if (this.#stale) this.refresh();
    if (this.#drawn?.parked) {
      const wait = this.#restlessUntil() - performance.now();
      this.#parkedTimer = setTimeout(() => this.refresh(), Math.max(FRAME_TIME, wait));
    }
  }

  async #write(parts: readonly string[]): Promise<void> {
    for (const part of parts) await this.#output.write(part);
  }

  #frame(): string[] {
    const { columns, rows } = this.#terminal.size();
    const entries = this.#waiting.splice(0, MOST_ENTRIES_PER_FRAME);
    this.#stale = this.#waiting.length > 0;
    this.#isUrgent = false;
    const printed = entries.map((entry) => this.#rowsOf(entry, columns)).join("");
    if (printed !== "") this.#lastPrinted = performance.now();
    const footer = this.#layOut(columns, rows);
    const top = this.#toFooterTop(columns);
    const cleared = this.#clear ? `${"\r\n".repeat(rows)}\x1b[H` : "";
    const bell = this.#bell ? "\x07" : "";
    this.#clear = false;
    this.#bell = false;
    const parked = isBreakable(footer.input) && this.#restlessUntil() > performance.now();
    this.#drawn = { input: footer.input, parked };
    this.#lastColumns = columns;
    const start = `\x1b[?2026h\x1b[?25l${top}${cleared}${printed}`;
    const end = `${parked ? parkedFooter(footer) : footerWithCursor(footer)}\x1b[?2026l${bell}`;
    return start.length + end.length < MOST_IN_ONE_PIECE ? [start + end] : [start, end];
  }

  #rowsOf({ text, style, head }: Entry, columns: number): string {
    const [first = "", ...others] = terminalText(text, columns).split("\n");
    let painted = "";
    let at = 0;
    for (const [style, part] of head) {
      // A head that had to be made harmless, or that a narrow terminal breaks, stays as it is.
      if (!first.startsWith(part, at)) break;
      painted += this.#paint(style, part);
      at += part.length;
    }
    let rows = `${painted}${this.#paint(style, first.slice(at))}\r\n`;
    for (const row of others) rows += `${this.#paint(style, row)}\r\n`;
    return rows;
  }

  /** When the next frame may be drawn: while the size is not certain, the footer's top is not. */
  #safeAt(): number {
    if (this.#drawn === undefined) return 0;
    // The system's signal may come later than the size.
    const isOther = this.#terminal.size().columns !== this.#lastColumns;
    if (isOther && this.#lastResized < this.#lastFrame) this.#lastResized = performance.now();
    return this.#lastResized + SETTLED_AFTER;
  }

  /** Until when a frame may meet a terminal of another width. */
  #restlessUntil(): number {
    return Math.max(this.#lastResized, this.#lastPrinted) + RESTLESS_TIME;
  }

  /** From the cursor to the footer's first column, with nothing left below it. */
  #toFooterTop(columns: number): string {
    const rows = this.#drawn === undefined || this.#drawn.parked
      ? 0
      : rowsAboveCursor(this.#drawn.input, columns);
    return `\r${rows > 0 ? `\x1b[${rows}A` : ""}\x1b[J`;
  }

  /** Takes the footer away; once, for what stands there later is not ours. */
  #takeFooter(): string {
    if (this.#drawn === undefined) return "";
    const top = this.#toFooterTop(this.#terminal.size().columns);
    this.#drawn = undefined;
    return top;
  }
}

/**
 * Begins a row of the footer. The footer must arrive in one piece, and Deno leaves the terminal's
 * line discipline in place, which cuts what is written at each newline.
 */
const NEXT_ROW = "\x1bE";

/** The footer with the cursor in the input. */
function footerWithCursor({ input, below }: Footer): string {
  // The terminal may be narrower already than it says. What is before the cursor wraps then, as it
  // would have when the terminal was made narrower; what is after it is cut, a row stays a row.
  const { before, after } = splitAtCursor(input);
  const rest = [after, ...input.rows.slice(input.cursorRow + 1), ...below];
  const up = rest.length - 1;
  return `${before}\x1b[?7l${rest.join(NEXT_ROW)}\x1b[?7h${up > 0 ? `\x1b[${up}A` : ""}` +
    `\x1b[${input.cursorColumn + 1}G\x1b[?25h`;
}

/** The footer with a block in the cursor's place. Its rows are cut: each is one, however wide. */
function parkedFooter({ input, below }: Footer): string {
  const { before, after } = splitAtCursor(input);
  const [at = " "] = graphemes(after);
  const shown = `${before}\x1b[7m${at}\x1b[27m${after.slice(at.length)}`;
  const rows = [shown, ...input.rows.slice(input.cursorRow + 1), ...below];
  const up = input.cursorRow + rows.length - 1;
  return `\x1b[?7l${rows.join(NEXT_ROW)}\x1b[?7h\r${up > 0 ? `\x1b[${up}A` : ""}`;
}

/** Whether a terminal may be so narrow that it breaks a row of the input above or at the cursor. */
function isBreakable({ rows, cursorRow, cursorColumn }: InputLayout): boolean {
  return cursorColumn >= NARROWEST ||
    rows.slice(0, cursorRow).some((row) => textWidth(row) > NARROWEST);
}

/** How many rows of the terminal are above the cursor, once it has broken them to `columns`. */
export function rowsAboveCursor(input: InputLayout, columns: number): number {
  const { rows, cursorRow, cursorColumn } = input;
  const above = rows.slice(0, cursorRow).reduce((sum, row) => sum + breaks(row, columns) + 1, 0);
  return above + breaks(rows[cursorRow] ?? "", columns, cursorColumn);
}

/** How often a row is broken up to the grapheme at `column`, where it has one. */
function breaks(row: string, columns: number, column = Infinity): number {
  let count = 0;
  let used = 0;
  let at = 0;
  for (const grapheme of graphemes(row)) {
    const width = graphemeWidth(grapheme);
    // What does not fit goes to the next row whole. After a full row, the cursor stays on it.
    if (used + width > columns) {
      count++;
      used = 0;
    }
    if (at >= column) break;
    used += width;
    at += width;
  }
  return count;
}

/** The rows up to the cursor, and what is after it in its row. */
function splitAtCursor({ rows, cursorRow, cursorColumn }: InputLayout): {
  readonly before: string;
  readonly after: string;
} {
  const row = rows[cursorRow] ?? "";
  let width = 0;
  let index = 0;
  for (const grapheme of graphemes(row)) {
    if (width >= cursorColumn) break;
    width += graphemeWidth(grapheme);
    index += grapheme.length;
  }
  const before = [...rows.slice(0, cursorRow), row.slice(0, index)].join(NEXT_ROW);
  return { before, after: row.slice(index) };
}

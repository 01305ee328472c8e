/**
 * Draws on a terminal without taking over the whole screen: entries are printed once and scroll into
 * the terminal's own scrollback; the footer with the input is redrawn below them.
 *
 * The input is at the top of the footer, above the status. When the width changes, the terminal
 * rewraps long rows, and finding the footer again only takes the number of rows above the cursor.
 *
 * That number depends on the width, which may change before a frame arrives: tmux reports a resize up
 * to 250 ms late. So nothing is drawn until the size has settled. During heavy output some frames are
 * already on their way when a resize starts. If the input may wrap, the cursor is therefore parked at
 * the top of the footer during a resize and heavy output, and for a second after, and a block marks its
 * position in the input. At all other times the cursor is where the next character goes, where input
 * methods show what they compose.
 * @module
 */
import type { Output, Terminal } from "../command_line/io.ts";
import { type Link, withLinks } from "../terminal/link.ts";
import { terminalRows, withinRow } from "../terminal/terminal_text.ts";
import { graphemes, graphemeWidth, textWidth, widestText } from "../terminal/text_width.ts";
import type { InputLayout } from "./input/input_layout.ts";
import type { Paint, Painted, Style } from "./style.ts";

/** The rows below the printed entries. */
export interface Footer {
  readonly input: InputLayout;
  /** The rows below the input, sanitized and painted, each at most as wide as the terminal. */
  readonly below: readonly string[];
}

/** Lays out the footer for a terminal of this size. */
export type FooterLayout = (columns: number, rows: number) => Footer;

interface Entry {
  readonly text: string;
  readonly style: Style;
  /** The parts that the text starts with. */
  readonly head: readonly Painted[];
  /** Where the message starts in the text, after its sender. */
  readonly bodyStart: number;
}

/** The footer as last drawn. */
interface Drawn {
  readonly input: InputLayout;
  /** Whether the cursor is at the top of the footer instead of in the input. */
  readonly parked: boolean;
}

/** The minimum time between frames, milliseconds. */
const FRAME_TIME = 16;

/** The size has settled after this long without a change, milliseconds. */
const SETTLED_AFTER = 300;

/** After a resize or heavy output, more of it is likely for this long, milliseconds. */
const RESTLESS_TIME = 1_000;

/** So many entries within that time are heavy output. */
const HEAVY_OUTPUT = 5;

/** The narrowest terminal that is supported, columns. */
const NARROWEST = 20;

/** The most that is printed at a time, so that keys do not wait for a flood of messages. */
const MAX_ENTRIES_PER_FRAME = 1_000;

/** The system splits writes of more than 2 KB; a UTF-16 code unit has at most 3 bytes. */
const MAX_WRITE_LENGTH = 680;

/** Bracketed paste and focus reporting. */
const ENTER_MODES = "\x1b[?2004h\x1b[?1004h";
const LEAVE_MODES = "\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[?1004l\x1b[?2004l";

/** The screen of a chat. Draws changes within 16 ms, each frame at once. */
export class Screen {
  readonly #output: Output;
  readonly #terminal: Terminal;
  readonly #layOut: FooterLayout;
  readonly #paint: Paint;
  readonly #link: Link;
  /** Whether drawing on the terminal is allowed now. */
  #isActive = false;
  #waiting: Entry[] = [];
  #bell = false;
  #clear = false;
  /** Whether anything has changed since the last frame. */
  #stale = false;
  #isUrgent = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #parkedTimer: ReturnType<typeof setTimeout> | undefined;
  #lastFrame = -Infinity;
  /** When the last entries were printed. */
  #printed: readonly number[] = [];
  #lastHeavy = -Infinity;
  #lastResized = -Infinity;
  #lastColumns = 0;
  #drawing: Promise<void> | undefined;
  #failure: unknown;
  #drawn: Drawn | undefined;

  constructor(
    output: Output,
    terminal: Terminal,
    paint: Paint,
    layOut: FooterLayout,
    link: Link = (_, text) => text,
  ) {
    this.#output = output;
    this.#terminal = terminal;
    this.#paint = paint;
    this.#layOut = layOut;
    this.#link = link;
  }

  /**
   * Prints an entry above the footer, sanitized. `head` is what it starts with, `bodyStart` is where
   * the message starts in it.
   */
  print(
    text: string,
    style: Style = "plain",
    head: readonly Painted[] = [],
    bodyStart = 0,
  ): void {
    this.#waiting.push({ text, style, head, bodyStart });
    this.refresh();
  }

  /** Rings the terminal's bell with the next frame. */
  ring(): void {
    this.#bell = true;
    this.refresh();
  }

  /** Moves the screen's content into the scrollback. */
  clear(): void {
    this.#clear = true;
    this.refresh();
  }

  /** Schedules a frame: 16 ms after the last one, and once drawing is safe. */
  refresh(): void {
    this.#stale = true;
    if (!this.#isActive) return;
    if (this.#timer !== undefined || this.#drawing !== undefined) return;
    const due = this.#isUrgent ? 0 : this.#lastFrame + FRAME_TIME;
    const wait = Math.max(due, this.#safeAt()) - performance.now();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#safeAt() > performance.now()) this.refresh();
      else void this.#draw();
    }, Math.max(0, wait));
  }

  /** Like `refresh`, but without the 16 ms delay: a key press must show at once. */
  echo(): void {
    if (!this.#isUrgent) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#isUrgent = true;
    }
    this.refresh();
  }

  /** The terminal's size has changed, or may have. */
  resized(): void {
    this.#lastResized = performance.now();
    this.refresh();
  }

  /** Sets the terminal's modes and draws. Call again after another program used the terminal. */
  async enter(): Promise<void> {
    this.#isActive = true;
    await this.#output.write(ENTER_MODES);
    if (this.#drawn === undefined) return await this.#draw();
    // The rows above the cursor are the shell's, if the process was stopped with the footer drawn.
    this.#drawn = { ...this.#drawn, parked: true };
    this.resized();
  }

  /**
   * Prints the remaining entries, removes the footer and restores the modes. Entries printed later
   * wait for {@linkcode Screen.enter}.
   */
  async leave(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failure === undefined) await this.#draw();
    await this.#drawing;
    this.#stopTimers();
    this.#isActive = false;
    // A closed terminal has no modes to restore.
    await this.#output.write(`${this.#removeFooter()}${LEAVE_MODES}`).catch(() => {});
  }

  /** Like `leave`, but synchronous, for a process that crashes. */
  leaveNow(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.#terminal.writeNow(`${this.#removeFooter()}${LEAVE_MODES}`);
  }

  async #draw(): Promise<void> {
    this.#stopTimers();
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

  #stopTimers(): void {
    // No call without a timer: the first one takes 8 ms, and the first frame would wait for it (Deno 2.9.6).
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    if (this.#parkedTimer !== undefined) clearTimeout(this.#parkedTimer);
    this.#timer = undefined;
    this.#parkedTimer = undefined;
  }

  async #write(parts: readonly string[]): Promise<void> {
    for (const part of parts) await this.#output.write(part);
  }

  #frame(): string[] {
    const { columns, rows } = this.#terminal.size();
    const entries = this.#waiting.splice(0, MAX_ENTRIES_PER_FRAME);
    this.#stale = this.#waiting.length > 0;
    this.#isUrgent = false;
    const printed = entries.map((entry) => this.#rowsOf(entry, columns)).join("");
    this.#countPrinted(entries.length);
    const footer = this.#layOut(columns, rows);
    const top = this.#toFooterTop(columns);
    const cleared = this.#clear ? `${"\r\n".repeat(rows)}\x1b[H` : "";
    const bell = this.#bell ? "\x07" : "";
    this.#clear = false;
    this.#bell = false;
    const parked = mayWrap(footer.input) && this.#restlessUntil() > performance.now();
    this.#drawn = { input: footer.input, parked };
    this.#lastColumns = columns;
    const start = `\x1b[?2026h\x1b[?25l${top}${cleared}${printed}`;
    const end = `${parked ? parkedFooter(footer) : footerWithCursor(footer)}\x1b[?2026l${bell}`;
    return start.length + end.length < MAX_WRITE_LENGTH ? [start + end] : [start, end];
  }

  #rowsOf({ text, style, head, bodyStart }: Entry, columns: number): string {
    const [first = { text: "", links: [] }, ...others] = terminalRows(text, columns, bodyStart);
    const linked = withLinks(first, this.#link);
    let painted = "";
    let at = 0;
    for (const [style, part] of head) {
      // A head that was changed by sanitizing or wrapping is not styled.
      if (!linked.startsWith(part, at)) break;
      painted += this.#paint(style, part);
      at += part.length;
    }
    painted += this.#paint(style, linked.slice(at));
    let rows = `${withinRow(first.text, painted, columns)}\r\n`;
    for (const row of others) {
      const shown = this.#paint(style, withLinks(row, this.#link));
      rows += `${withinRow(row.text, shown, columns)}\r\n`;
    }
    return rows;
  }

  /** When drawing is safe: until the size has settled, the top of the footer is unknown. */
  #safeAt(): number {
    if (this.#drawn === undefined) return 0;
    // The resize signal may arrive after the new size.
    const isOther = this.#terminal.size().columns !== this.#lastColumns;
    if (isOther && this.#lastResized < this.#lastFrame) this.#lastResized = performance.now();
    return this.#lastResized + SETTLED_AFTER;
  }

  /** Until when the width may change before a frame arrives. */
  #restlessUntil(): number {
    return Math.max(this.#lastResized, this.#lastHeavy) + RESTLESS_TIME;
  }

  #countPrinted(count: number): void {
    if (count === 0) return;
    const now = performance.now();
    const added = new Array<number>(Math.min(count, HEAVY_OUTPUT)).fill(now);
    this.#printed = [...this.#printed, ...added].slice(-HEAVY_OUTPUT);
    const isHeavy = this.#printed.length === HEAVY_OUTPUT &&
      now - (this.#printed[0] ?? now) < RESTLESS_TIME;
    if (isHeavy) this.#lastHeavy = now;
  }

  /** Moves the cursor to the start of the footer and clears everything below. */
  #toFooterTop(columns: number): string {
    const rows = this.#drawn === undefined || this.#drawn.parked
      ? 0
      : rowsAboveCursor(this.#drawn.input, columns);
    return `\r${rows > 0 ? `\x1b[${rows}A` : ""}\x1b[J`;
  }

  /** Removes the footer; only once, because later content is not ours. */
  #removeFooter(): string {
    if (this.#drawn === undefined) return "";
    const top = this.#toFooterTop(this.#terminal.size().columns);
    this.#drawn = undefined;
    return top;
  }
}

/**
 * Starts the next row of the footer without a newline. The footer must arrive in one write, but the
 * terminal's line discipline, which Deno leaves on, splits writes at newlines.
 */
const NEXT_ROW = "\x1bE";

/** The footer with the cursor in the input. */
function footerWithCursor({ input, below }: Footer): string {
  // The terminal may already be narrower than it reports. Text before the cursor then wraps, as it
  // would have during the resize; text after it is cut, so that each row stays one row.
  const { before, rowBefore, after } = splitAtCursor(input);
  const rest = [after, ...input.rows.slice(input.cursorRow + 1), ...below];
  const up = rest.length - 1;
  // Where terminals differ in the width, only writing the text again gets the cursor behind it.
  const toCursor = widestText(rowBefore) === textWidth(rowBefore)
    ? `\x1b[${input.cursorColumn + 1}G`
    : `\r${rowBefore}`;
  return `${before}\x1b[?7l${rest.join(NEXT_ROW)}\x1b[?7h${up > 0 ? `\x1b[${up}A` : ""}` +
    `${toCursor}\x1b[?25h`;
}

/** The footer with a block at the cursor's position. Rows are cut instead of wrapped. */
function parkedFooter({ input, below }: Footer): string {
  const { before, after } = splitAtCursor(input);
  const [at = " "] = graphemes(after);
  const shown = `${before}\x1b[7m${at}\x1b[27m${after.slice(at.length)}`;
  const rows = [shown, ...input.rows.slice(input.cursorRow + 1), ...below];
  const up = input.cursorRow + rows.length - 1;
  return `\x1b[?7l${rows.join(NEXT_ROW)}\x1b[?7h\r${up > 0 ? `\x1b[${up}A` : ""}`;
}

/** Whether a narrow terminal may wrap a row of the input above or at the cursor. */
function mayWrap({ rows, cursorRow, cursorColumn }: InputLayout): boolean {
  return cursorColumn >= NARROWEST ||
    rows.slice(0, cursorRow).some((row) => textWidth(row) > NARROWEST);
}

/** The number of terminal rows above the cursor after wrapping to `columns`. */
export function rowsAboveCursor(input: InputLayout, columns: number): number {
  const { rows, cursorRow, cursorColumn } = input;
  const above = rows.slice(0, cursorRow).reduce((sum, row) => sum + wraps(row, columns) + 1, 0);
  return above + wraps(rows[cursorRow] ?? "", columns, cursorColumn);
}

/** How often a row wraps before the grapheme at `column`. */
function wraps(row: string, columns: number, column = Infinity): number {
  let count = 0;
  let used = 0;
  let at = 0;
  for (const grapheme of graphemes(row)) {
    const width = graphemeWidth(grapheme);
    // A grapheme that does not fit moves to the next row whole. The cursor stays on a full row.
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

/** The text before the cursor, what of it is in the cursor's row, and the rest of that row. */
function splitAtCursor({ rows, cursorRow, cursorColumn }: InputLayout): {
  readonly before: string;
  readonly rowBefore: string;
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
  const rowBefore = row.slice(0, index);
  const before = [...rows.slice(0, cursorRow), rowBefore].join(NEXT_ROW);
  return { before, rowBefore, after: row.slice(index) };
}

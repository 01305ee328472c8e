/**
 * Makes text from others harmless to a terminal. Everything that the command writes for people goes
 * through `terminalText`, at the last moment, and every line of JSON through `jsonLine`.
 *
 * Control characters (C0 but newline and tab, DEL, C1), bidirectional controls and isolates, and
 * Unicode's line separators are shown, not obeyed. Emoji keep their joiners.
 * @module
 */
import { CONTROL_CHARACTERS } from "../../client/base/control_characters.ts";
import { graphemes, graphemeWidth } from "./text_width.ts";

/** What every line of an entry but the first starts with. */
const INDENT = "    ";

/** Narrower than this, wrapping would leave no room for text. */
const NARROWEST = 20;

/** A tab takes at most this many columns. */
const TAB_COLUMNS = 8;

/**
 * The text of one entry (a message with its sender, an error) as it may be written: only its first
 * line starts at the left edge, so that no text can pass for another entry. With `columns`, lines
 * are cut to fit, for the terminal itself would go on at the left edge.
 */
export function terminalText(entry: string, columns = Infinity): string {
  const lines = entry.replaceAll("\r\n", "\n").split("\n").map(visibleText);
  const width = Math.max(columns, NARROWEST);
  const [first = "", ...others] = lines;
  return [
    ...wrap(first, width, ""),
    ...others.flatMap((line) => wrap(line, width, INDENT)),
  ].join("\n");
}

/** A value as one line of JSON in which nothing drives a terminal. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(CONTROL_CHARACTERS, escaped);
}

/** One line (it has no newline) with nothing left in it that a terminal obeys, but tabs. */
export function visibleText(line: string): string {
  return line.replace(CONTROL_CHARACTERS, (char) => {
    const code = char.charCodeAt(0);
    if (char === "\t") return char;
    if (code < 0x20) return String.fromCharCode(0x2400 + code); // ESC becomes ␛.
    return code === 0x7f ? "\u2421" : `<U+${hex(code).toUpperCase()}>`;
  });
}

/** Cuts a line at the terminal's edge, between words where it can; what is cut off is indented. */
function wrap(line: string, columns: number, indent: string): string[] {
  if (indent.length + line.length * TAB_COLUMNS <= columns) return [indent + line];
  const rows: string[] = [];
  let row = indent;
  let used = indent.length;
  /** After the last space of the row, where there is one far enough from its start. */
  let wordStart = 0;
  for (const grapheme of graphemes(line)) {
    const width = columnsOf(grapheme);
    if (used + width > columns) {
      const cut = grapheme !== " " && wordStart > columns / 2 ? wordStart : row.length;
      const word = row.slice(cut);
      rows.push(row.slice(0, cut));
      row = INDENT + word;
      used = INDENT.length + graphemes(word).reduce((sum, one) => sum + columnsOf(one), 0);
      wordStart = 0;
      if (grapheme === " ") continue;
    }
    row += grapheme;
    used += width;
    if (grapheme === " ") wordStart = row.length;
  }
  return [...rows, row];
}

function columnsOf(grapheme: string): number {
  return grapheme === "\t" ? TAB_COLUMNS : graphemeWidth(grapheme);
}

function escaped(char: string): string {
  return `\\u${hex(char.charCodeAt(0))}`;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, "0");
}

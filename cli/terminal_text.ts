/**
 * Makes text from others harmless to a terminal. Everything that the command writes for people goes
 * through `terminalText`, at the last moment, and every line of JSON through `jsonText`.
 *
 * Control characters (C0 but newline and tab, DEL, C1), bidirectional controls and isolates, and
 * Unicode's line separators are shown, not obeyed. Emoji keep their joiners.
 * @module
 */
import { unicodeWidth } from "@std/cli/unicode-width";

/** Cc is C0, DEL and C1. */
const DRIVING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

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
  const lines = entry.replaceAll("\r\n", "\n").split("\n").map(visible);
  const width = Math.max(columns, NARROWEST);
  const [first = "", ...others] = lines;
  return [
    ...wrap(first, width, ""),
    ...others.flatMap((line) => wrap(line, width, INDENT)),
  ].join("\n");
}

/** A value as one line of JSON in which nothing drives a terminal. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(DRIVING, escaped);
}

function visible(line: string): string {
  return line.replace(DRIVING, (char) => {
    const code = char.charCodeAt(0);
    if (char === "\t") return char;
    if (code < 0x20) return String.fromCharCode(0x2400 + code); // ESC becomes ␛.
    return code === 0x7f ? "\u2421" : `<U+${hex(code).toUpperCase()}>`;
  });
}

/** Cuts a line at the terminal's edge; what is cut off is indented. */
function wrap(line: string, columns: number, indent: string): string[] {
  if (indent.length + line.length * TAB_COLUMNS <= columns) return [indent + line];
  const rows: string[] = [];
  let row = indent;
  let used = indent.length;
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    const width = segment === "\t" ? TAB_COLUMNS : unicodeWidth(segment);
    if (used + width > columns) {
      rows.push(row);
      row = INDENT;
      used = INDENT.length;
    }
    row += segment;
    used += width;
  }
  return [...rows, row];
}

function escaped(char: string): string {
  return `\\u${hex(char.charCodeAt(0))}`;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, "0");
}

/**
 * Sanitizes text from others for the terminal. All output for people goes through `terminalText` just
 * before it is written, and all JSON output through `jsonLine`.
 *
 * Control characters (C0 except newline and tab, DEL, C1), bidirectional controls and isolates, and
 * Unicode line separators are replaced with visible text. Joiners stay, because emoji need them.
 * @module
 */
import { CONTROL_CHARACTERS } from "../../client/base/control_characters.ts";
import { graphemes, widestGrapheme } from "./text_width.ts";

/** Starts every line of an entry except the first. */
const INDENT = "    ";

/** Below this width, wrapping would leave no room for text. */
const MIN_COLUMNS = 20;

/** The most columns that a tab takes. */
const TAB_COLUMNS = 8;

/**
 * Sanitizes one entry (a message with its sender, an error). Only its first line starts at the left
 * edge, so that no text can pass for another entry. With `columns`, long lines are wrapped here,
 * because the terminal would continue them at the left edge.
 */
export function terminalText(entry: string, columns = Infinity): string {
  const lines = entry.replaceAll("\r\n", "\n").split("\n").map(visibleText);
  const width = Math.max(columns, MIN_COLUMNS);
  const [first = "", ...others] = lines;
  return [
    ...wrap(first, width, ""),
    ...others.flatMap((line) => wrap(line, width, INDENT)),
  ].join("\n");
}

/** A value as one line of JSON, with control characters escaped. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(CONTROL_CHARACTERS, escaped);
}

/** Replaces the control characters in a single line with visible text. Tabs stay. */
export function visibleText(line: string): string {
  return line.replace(CONTROL_CHARACTERS, (char) => {
    const code = char.charCodeAt(0);
    if (char === "\t") return char;
    if (code < 0x20) return String.fromCharCode(0x2400 + code); // ESC becomes ␛.
    return code === 0x7f ? "\u2421" : `<U+${hex(code).toUpperCase()}>`;
  });
}

/** Wraps a line at the terminal's edge, between words if possible, and indents the rows that follow. */
function wrap(line: string, columns: number, indent: string): string[] {
  if (indent.length + line.length * TAB_COLUMNS <= columns) return [indent + line];
  const rows: string[] = [];
  let row = indent;
  let used = indent.length;
  /** The index after the last space in the row; 0 if there is none. */
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
  return grapheme === "\t" ? TAB_COLUMNS : widestGrapheme(grapheme);
}

function escaped(char: string): string {
  return `\\u${hex(char.charCodeAt(0))}`;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, "0");
}

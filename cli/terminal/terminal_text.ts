/**
 * Sanitizes text from others for the terminal. All output for people goes through `terminalText` just
 * before it is written, and all JSON output through `jsonLine`.
 *
 * Control characters (C0 except newline and tab, DEL, C1), bidirectional controls and isolates, and
 * Unicode line separators are replaced with visible text. Joiners stay, because emoji need them.
 * @module
 */
import { CONTROL_CHARACTERS } from "../../client/base/control_characters.ts";
import {
  couldExceed,
  graphemes,
  TAB_COLUMNS,
  textWidth,
  widestGrapheme,
  widestText,
} from "./text_width.ts";

/** Starts every line of an entry except the first. */
const INDENT = "    ";

/** Below this width, wrapping would leave no room for text. */
const MIN_COLUMNS = 20;

/** `http` and `https` links, without the punctuation that follows them in a sentence. */
const URLS = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?'\])}]\)?/g;

/** A sanitized row of an entry. */
export interface Row {
  readonly text: string;
  /** The parts of links that are wrapped, in order. */
  readonly links: readonly LinkPart[];
}

/** A part of a link that continues in another row. */
export interface LinkPart {
  /** Where the part starts in the row's text. */
  readonly start: number;
  readonly end: number;
  /** The whole link. */
  readonly url: string;
}

/**
 * Sanitizes one entry (a message with its sender, an error). Only its first line starts at the left
 * edge, so that no text can pass for another entry. With `columns`, long lines are wrapped here,
 * because the terminal would continue them at the left edge.
 */
export function terminalText(entry: string, columns = Infinity, bodyStart = 0): string {
  return terminalRows(entry, columns, bodyStart).map(({ text }) => text).join("\n");
}

/**
 * The rows of {@linkcode terminalText}. With `columns`, the lines of a message align: `bodyStart` is
 * where its text starts in the entry, after the sender.
 */
export function terminalRows(entry: string, columns = Infinity, bodyStart = 0): Row[] {
  const width = Math.max(columns, MIN_COLUMNS);
  const head = entry.slice(0, bodyStart);
  const lines = entry.replaceAll("\r\n", "\n").split("\n").map(visibleText);
  const [first = "", ...others] = lines;
  const linksFrom = visibleText(head).length;
  if (others.length === 0 || columns === Infinity || head === "" || head.includes("\n")) {
    return [
      ...wrap(first, width, "", INDENT, linksFrom),
      ...others.flatMap((line) => wrap(line, width, INDENT, INDENT)),
    ];
  }
  const hang = textWidth(visibleText(head));
  if (hang <= width / 2) {
    const indent = " ".repeat(Math.max(hang, INDENT.length));
    return [
      ...wrap(first, width, "", indent, linksFrom),
      ...others.flatMap((line) => wrap(line, width, indent, indent)),
    ];
  }
  // The sender leaves no room for the text next to it.
  const body = [first.slice(linksFrom), ...others];
  return [
    ...wrap(first.slice(0, linksFrom).trimEnd(), width, "", INDENT, linksFrom),
    ...body.flatMap((line) => wrap(line, width, INDENT, INDENT)),
  ];
}

/**
 * A row as it is `written`. If its characters could be wider on an unusual terminal, the terminal cuts
 * it: text from others must never continue at the left edge, where it could pass for an entry.
 */
export function withinRow(text: string, written: string, columns: number): string {
  return couldExceed(text, columns) ? `\x1b[?7l${written}\x1b[?7h` : written;
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

/**
 * Wraps a line at the terminal's edge, between words if possible. A link that fits into a row is never
 * broken. The first row starts with `indent`, the others with `hang`. Links before `linksFrom` are text.
 */
function wrap(
  line: string,
  columns: number,
  indent: string,
  hang: string,
  linksFrom = 0,
): Row[] {
  if (indent.length + line.length * TAB_COLUMNS <= columns) {
    return [{ text: indent + line, links: [] }];
  }
  const urls = linksIn(line, linksFrom);
  const rows: Row[] = [];
  let before = indent;
  /** The row's part of the line. */
  let start = 0;
  let index = 0;
  let used = indent.length;
  /** The index after the last space in the row; `start` if there is none. */
  let wordStart = 0;
  const endRow = (end: number): void => {
    const links = urls.flatMap((url): LinkPart[] => {
      const from = Math.max(url.start, start);
      const to = Math.min(url.end, end);
      if (from >= to || (from === url.start && to === url.end)) return [];
      const shift = before.length - start;
      return [{ start: from + shift, end: to + shift, url: url.text }];
    });
    rows.push({ text: before + line.slice(start, end), links });
  };
  for (const grapheme of graphemes(line)) {
    const width = columnsOf(grapheme);
    if (used + width > columns) {
      const isAtSpace = grapheme === " ";
      const url = urls.find((url) => url.start <= index && index < url.end);
      const keepsUrl = url !== undefined && url.start > start && hang.length + url.width <= columns;
      const isWord = !isAtSpace &&
        wordStart - start + before.length > Math.max(columns / 2, before.length);
      const cut = keepsUrl ? url.start : isWord ? wordStart : index;
      endRow(cut);
      start = isAtSpace ? index + 1 : cut;
      before = hang;
      wordStart = start;
      used = hang.length;
      if (isAtSpace) {
        index++;
        continue;
      }
      for (const one of graphemes(line.slice(cut, index))) used += columnsOf(one);
    }
    used += width;
    index += grapheme.length;
    if (grapheme === " ") wordStart = index;
  }
  endRow(line.length);
  return rows;
}

interface FoundLink {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Its columns. */
  readonly width: number;
}

function linksIn(line: string, from: number): FoundLink[] {
  if (!line.includes("://", from)) return [];
  return Array.from(line.matchAll(URLS), ({ 0: match, index }) => {
    // A closing bracket belongs to the link if an opening one does.
    const text = match.endsWith(")") && !match.includes("(") ? match.slice(0, -1) : match;
    return { start: index, end: index + text.length, text, width: widestText(text) };
  }).filter(({ start }) => start >= from);
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

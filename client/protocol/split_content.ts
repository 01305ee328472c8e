/**
 * Splits a text that is too long for one message.
 * @module
 */
import {
  escapedLength,
  fitsServer,
  MAX_CONTENT_LENGTH,
  startsWithSpace,
  stripAsServer,
} from "./server_text.ts";

/**
 * Splits a text into parts that the server keeps whole, in order; no part is empty.
 *
 * Parts end at the end of a line (preferably before a line that is not indented), or else of a word,
 * or else of a grapheme. White space between parts is lost, because the server strips every message;
 * nothing else is. A single grapheme longer than a message is split between code points.
 *
 * @example Send a text of any length
 * ```ts
 * import { splitContent } from "@roomz/roomz/client";
 *
 * const parts = splitContent("one two three. ".repeat(100));
 * if (parts.length !== 2) throw new Error("expected two parts");
 * ```
 */
export function splitContent(text: string): string[] {
  const parts: string[] = [];
  let rest = stripAsServer(text);
  while (!fitsServer(rest)) {
    const cut = findCut(rest);
    parts.push(stripAsServer(rest.slice(0, cut)));
    rest = stripAsServer(rest.slice(cut));
  }
  if (rest !== "") parts.push(rest);
  return parts;
}

/** Where to cut a text that does not fit: an index from 1 to the most that fits. */
function findCut(text: string): number {
  const limit = fittingEnd(text);
  // A cut in the first half would waste most of a message: the last resort.
  for (const from of [Math.floor(limit / 2), 1]) {
    const line = findBreak(text, from, limit, isUnindentedLine) ??
      findBreak(text, from, limit, isLineStart);
    if (line !== undefined) return line;
    const word = findBreak(text, from, limit, startsWithSpaceAt);
    if (word !== undefined) return word;
  }
  return graphemeEnd(text, limit);
}

/** The length of the longest prefix of `text` that fits and does not end within a code point. */
function fittingEnd(text: string): number {
  let length = 0;
  let end = 0;
  for (const char of text) {
    length += escapedLength(char);
    if (length > MAX_CONTENT_LENGTH) break;
    end += char.length;
  }
  return end;
}

/** The last index in [from, limit] for which `good` is true. */
function findBreak(
  text: string,
  from: number,
  limit: number,
  good: (text: string, at: number) => boolean,
): number | undefined {
  for (let at = limit; at >= from; at--) if (good(text, at)) return at;
  return undefined;
}

function isLineStart(text: string, at: number): boolean {
  return text[at - 1] === "\n" || text[at] === "\n";
}

function isUnindentedLine(text: string, at: number): boolean {
  return text[at - 1] === "\n" && !startsWithSpaceAt(text, at);
}

function startsWithSpaceAt(text: string, at: number): boolean {
  return startsWithSpace(text[at] ?? "");
}

function graphemeEnd(text: string, limit: number): number {
  // Includes the code point after the limit, which decides whether there is a boundary before it.
  const segments = new Intl.Segmenter().segment(text.slice(0, limit + 2));
  const last = segments.containing(limit)?.index ?? limit;
  return last > 0 ? last : limit;
}

/**
 * Cuts a text that is longer than the server keeps into parts that fit.
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
 * The text in parts that the server keeps whole, in order; none is empty.
 *
 * Cuts fall at line ends (before a line that is not indented, where there is one), else at word
 * ends, else between graphemes. White space at a cut goes, because the server strips every
 * message; nothing else does. A single grapheme longer than a message is cut between code points.
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

/** Where to cut a text that does not fit: an index above 0, at most what fits. */
function findCut(text: string): number {
  const limit = fittingEnd(text);
  // A cut in the first half would waste most of a message: look there only when all else fails.
  for (const from of [Math.floor(limit / 2), 1]) {
    const line = findBreak(text, from, limit, isUnindentedLine) ??
      findBreak(text, from, limit, isLineStart);
    if (line !== undefined) return line;
    const word = findBreak(text, from, limit, startsWithSpaceAt);
    if (word !== undefined) return word;
  }
  return graphemeEnd(text, limit);
}

/** The end of the longest head of `text` that fits, at a code point's edge. */
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

/** The last index in [from, limit] where a cut is `good`. */
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
  // With the code point after the limit: it decides whether there is a boundary before it.
  const segments = new Intl.Segmenter().segment(text.slice(0, limit + 2));
  const last = segments.containing(limit)?.index ?? limit;
  return last > 0 ? last : limit;
}

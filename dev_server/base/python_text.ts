/**
 * Python's string functions that the Roomz server uses for messages and names.
 * @module
 */

// The characters of `str.isspace()`. Unlike them, JavaScript's trim() keeps U+001C–U+001F and U+0085,
// and removes U+FEFF.
const WHITESPACE = new Set(
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007" +
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);

const ESCAPES = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#x27;"],
]);

/** Python's `text.strip()`. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITESPACE.has(text.charAt(start))) start++;
  while (end > start && WHITESPACE.has(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Python's `html.escape(text)`. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES.get(character) ?? character);
}

/** Python's `text[:length]`: the first `length` code points. */
export function firstCodePoints(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  let count = 0;
  for (const character of text) {
    if (count === length) break;
    end += character.length;
    count++;
  }
  return text.slice(0, end);
}

/** Python's `len(text)`: code points, not UTF-16 units. */
export function codePointCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Python's `urllib.parse.unquote(text)`: anything that is not percent-encoded stays as it is. */
export function percentDecode(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (encoded) => {
    const bytes = Uint8Array.from(encoded.slice(1).split("%"), (hex) => parseInt(hex, 16));
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  });
}

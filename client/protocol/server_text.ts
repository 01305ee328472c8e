/**
 * How the server changes a text, and how to undo it.
 *
 * The server keeps `html.escape(content.strip())[:1000]` (roomz 0.4.0, `server/__init__.py`), in
 * Python's terms: its white space, its five entities, and code points rather than UTF-16 units.
 * @module
 */

/** How many code points of a message the server keeps, after escaping. */
export const MAX_CONTENT_LENGTH = 1_000;

// Python's str.isspace. Unlike JavaScript's trim, with U+001C–U+001F and U+0085, without U+FEFF.
const SPACE =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING_SPACE = new RegExp(`^[${SPACE}]+`);
const TRAILING_SPACE = new RegExp(`[${SPACE}]$`);
const IS_SPACE = new RegExp(`^[${SPACE}]`);

/** Whether `text` starts with white space, as the server defines it. */
export function startsWithSpace(text: string): boolean {
  return IS_SPACE.test(text);
}

/** Strips white space from both ends as Python's `str.strip()` does. */
export function stripAsServer(text: string): string {
  const withoutHead = text.replace(LEADING_SPACE, "");
  // Not /[space]+$/, which takes quadratic time on long runs of white space.
  let end = withoutHead.length;
  while (end > 0 && TRAILING_SPACE.test(withoutHead[end - 1] ?? "")) end--;
  return withoutHead.slice(0, end);
}

/**
 * A long text without the white space around it, which the server strips. White space alone stays
 * white space, because the server refuses an empty text.
 */
export function withoutPadding(text: string): string {
  return text.length <= MAX_CONTENT_LENGTH ? text : stripAsServer(text) || " ";
}

/** How many code points a character takes once the server has escaped it. */
export function escapedLength(char: string): number {
  switch (char) {
    case "&":
      return 5; // &amp;
    case "<":
    case ">":
      return 4; // &lt; &gt;
    case '"':
    case "'":
      return 6; // &quot; &#x27;
    default:
      return 1;
  }
}

const ESCAPED_BY_SERVER = /[&<>"']/;

/** Whether the server keeps the whole of `content`. */
export function fitsServer(content: string): boolean {
  // Most messages are short enough even if every character is escaped.
  if (content.length * 6 <= MAX_CONTENT_LENGTH) return true;
  if (content.length <= MAX_CONTENT_LENGTH && !ESCAPED_BY_SERVER.test(content)) return true;
  let length = 0;
  for (const char of stripAsServer(content)) {
    length += escapedLength(char);
    if (length > MAX_CONTENT_LENGTH) return false;
  }
  return true;
}

/** Whether an escaped content has the maximum length, so that its end may have been cut off. */
export function mayBeCut(escaped: string): boolean {
  if (escaped.length < MAX_CONTENT_LENGTH) return false;
  let length = 0;
  for (const _ of escaped) length++;
  return length >= MAX_CONTENT_LENGTH;
}

const ENTITY = /&(?:amp|lt|gt|quot|#x27);/g;
const CHARACTERS: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

/** Undoes the server's five entities, once. A half entity at the cut stays as it is. */
export function unescapeFromServer(escaped: string): string {
  if (!escaped.includes("&")) return escaped;
  return escaped.replace(ENTITY, (entity) => CHARACTERS[entity] ?? entity);
}

/**
 * The texts of the chat: what the server does to them, and how they are drawn.
 * @module
 */

/**
 * How long the server counts a text: it removes the outer whitespace and escapes HTML, and keeps 1,000
 * code points of the result.
 *
 * @param {string} text
 * @returns {number}
 */
export function storedLength(text) {
  const escaped = new Map([["&", 5], ["<", 4], [">", 4], ['"', 6], ["'", 6]]);
  let length = 0;
  for (const character of strip(text)) length += escaped.get(character) ?? 1;
  return length;
}

/**
 * Removes the outer whitespace as Python does, which differs from JavaScript's `trim`.
 *
 * @param {string} text
 * @returns {string}
 */
export function strip(text) {
  // deno-lint-ignore no-control-regex -- Python counts these as whitespace
  const isSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
  let start = 0;
  let end = text.length;
  while (start < end && isSpace.test(text.charAt(start))) start++;
  while (end > start && isSpace.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * The text that its sender wrote: the server escapes contents and names once.
 *
 * @param {unknown} value
 * @returns {string} Empty if it is not a text.
 */
export function plainText(value) {
  if (typeof value !== "string") return "";
  const characters = new Map([
    ["&amp;", "&"],
    ["&lt;", "<"],
    ["&gt;", ">"],
    ["&quot;", '"'],
    ["&#x27;", "'"],
  ]);
  return value.replace(/&(?:amp|lt|gt|quot|#x27);/g, (escape) => characters.get(escape) ?? escape);
}

/**
 * Replaces control characters, which browsers do not draw, with their pictures: ␛ for ESC. Characters
 * that change the direction of a text are taken out; the page isolates each text anyway.
 *
 * @param {string} text
 * @returns {string}
 */
export function visibleText(text) {
  return text
    .replaceAll("\r\n", "\n")
    // deno-lint-ignore no-control-regex -- this is what it replaces
    .replace(/[\x00-\x08\x0b-\x1f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replaceAll("\x7f", "\u2421")
    .replace(/[\x80-\x9f\u2028\u2029]/g, "\ufffd")
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
}

/**
 * @param {number} count
 * @param {string} singular
 * @returns {string} For instance "1 connection" or "2 connections".
 */
export function counted(count, singular) {
  return `${count.toLocaleString("en")} ${singular}${count === 1 ? "" : "s"}`;
}

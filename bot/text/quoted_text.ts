/**
 * Quotes untrusted text from the room for use in replies and logs: shortened, without control characters.
 * @module
 */

const MAX_LENGTH = 40;
// Control, line-separator and bidirectional characters. Zero-width joiners stay: emoji need them.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text in double quotes, cut after 40 characters, with control characters as U+FFFD. */
export function quoted(text: string): string {
  // Cut first, so that a very long text costs no more than a short one.
  const head = [...text.slice(0, 4 * MAX_LENGTH).toWellFormed()];
  const shown = head.slice(0, MAX_LENGTH).join("").replace(UNSAFE, "\ufffd");
  return `"${shown}${head.length > MAX_LENGTH ? "…" : ""}"`;
}

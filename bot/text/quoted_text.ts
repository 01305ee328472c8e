/**
 * How a text from the room is shown in an answer or a log: short, and unable to disturb either.
 * @module
 */

const LONGEST = 40;
// Control characters and those that turn the direction of text; emoji joiners stay.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text between double quotes: cut after 40 characters, control characters as U+FFFD. */
export function quoted(text: string): string {
  // Cut first: a line of a million characters costs no more than a short one.
  const head = [...text.slice(0, 4 * LONGEST).toWellFormed()];
  const shown = head.slice(0, LONGEST).join("").replace(UNSAFE, "\ufffd");
  return `"${shown}${head.length > LONGEST ? "…" : ""}"`;
}

/**
 * Quotes untrusted text from the room for use in replies and logs: shortened, without control characters.
 * @module
 */
import { CONTROL_CHARACTERS } from "../../client/base/control_characters.ts";

const MAX_LENGTH = 40;

/** The text in double quotes, cut after 40 characters, with control characters as U+FFFD. */
export function quoted(text: string): string {
  // Cut first, so that a very long text costs no more than a short one.
  const head = [...text.slice(0, 4 * MAX_LENGTH).toWellFormed()];
  const shown = head.slice(0, MAX_LENGTH).join("").replace(CONTROL_CHARACTERS, "\ufffd");
  return `"${shown}${head.length > MAX_LENGTH ? "…" : ""}"`;
}

/**
 * Completes commands and names.
 * @module
 */
import { COMMAND_NAMES } from "./slash_commands.ts";

/** What can stand in the place of a part of the text. */
export interface Completion {
  /** The part's start. */
  readonly start: number;
  /** What all candidates begin with; it is the part itself where there is no more to tell. */
  readonly text: string;
  /** All that fit. */
  readonly candidates: readonly string[];
}

/** Completes what is before the cursor: a command at the start, a name anywhere else. */
export function complete(
  text: string,
  cursor: number,
  names: readonly string[],
): Completion | undefined {
  const before = text.slice(0, cursor);
  if (/^\/\S*$/.test(before)) return completion(before, 0, COMMAND_NAMES);
  const start = nameStart(before, names);
  const at = before[start] === "@" ? "@" : "";
  return before.length === start
    ? undefined
    : completion(before.slice(start), start, names.map((name) => at + name));
}

/** Where a name begins that may be meant: at the last @, for names have spaces too, or at the word. */
function nameStart(before: string, names: readonly string[]): number {
  const at = before.lastIndexOf("@");
  const part = before.slice(at + 1).toLowerCase();
  const isMeant = at >= 0 && names.some((name) => name.toLowerCase().startsWith(part));
  return isMeant ? at : before.search(/@?[^\s@]*$/);
}

function completion(part: string, start: number, from: readonly string[]): Completion | undefined {
  const candidates = [...new Set(from)].filter((one) =>
    one.toLowerCase().startsWith(part.toLowerCase())
  ).sort();
  const [first] = candidates;
  if (first === undefined) return undefined;
  const common = candidates.reduce(commonStart, first);
  // A single candidate is complete, and a space begins what follows it.
  const text = candidates.length === 1 ? `${first} ` : common.length < part.length ? part : common;
  return { start, text, candidates };
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length]?.toLowerCase() === b[length]?.toLowerCase()) length++;
  return a.slice(0, length);
}

/**
 * Tab completion of commands and names.
 * @module
 */
import { graphemes } from "../terminal/text_width.ts";
import { COMMAND_NAMES } from "./slash_commands.ts";

/** A replacement for part of the text. */
export interface Completion {
  /** Where the replaced part starts. */
  readonly start: number;
  /** The common prefix of all candidates; the unchanged part if they have nothing more in common. */
  readonly text: string;
  readonly candidates: readonly string[];
}

/** Completes the text before the cursor: a command at the start, a name elsewhere. */
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

/** Where the name being typed starts: at the last @ (names may contain spaces), else at the word. */
function nameStart(before: string, names: readonly string[]): number {
  const at = before.lastIndexOf("@");
  const part = before.slice(at + 1).toLowerCase();
  const isName = at >= 0 && names.some((name) => name.toLowerCase().startsWith(part));
  return isName ? at : before.search(/@?[^\s@]*$/);
}

function completion(part: string, start: number, from: readonly string[]): Completion | undefined {
  const candidates = [...new Set(from)].filter((one) =>
    one.toLowerCase().startsWith(part.toLowerCase())
  ).sort();
  const [first] = candidates;
  if (first === undefined) return undefined;
  const common = candidates.reduce(commonPrefix, first);
  // A single candidate is complete: add a space after it.
  const text = candidates.length === 1 ? `${first} ` : common.length < part.length ? part : common;
  return { start, text, candidates };
}

/** The graphemes that `a` and `b` start with, ignoring case, as `a` spells them. */
function commonPrefix(a: string, b: string): string {
  const others = graphemes(b);
  const all = graphemes(a);
  const end = all.findIndex((one, at) => one.toLowerCase() !== others[at]?.toLowerCase());
  return all.slice(0, end < 0 ? undefined : end).join("");
}

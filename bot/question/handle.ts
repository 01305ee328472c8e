/**
 * Handles: the short names of open questions, and how people write them in an answer.
 * @module
 */
import { endOfFoldedStart, fold } from "../text/fold.ts";

/** None that a phone's font shows like another: `0` and `o`, `1`, `l` and `i`. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz";
const DIGITS = "23456789";

/** A handle, as part of a regular expression. */
export const HANDLE = `[${LETTERS}][${DIGITS}][${LETTERS}]`;

/** How many handles there are. */
export const HANDLE_COUNT = LETTERS.length ** 2 * DIGITS.length;

/** A handle that is not taken; `random` returns numbers from 0 up to 1. */
export function newHandle(random: () => number, isTaken: (handle: string) => boolean): string {
  const start = Math.floor(random() * HANDLE_COUNT);
  for (let step = 0; step < HANDLE_COUNT; step++) {
    const handle = handleAt((start + step) % HANDLE_COUNT);
    if (!isTaken(handle)) return handle;
  }
  return handleAt(start); // More questions than handles: those of one handle share its answers.
}

/** The handle with this number. The digit and the last letter change fastest. */
function handleAt(number: number): string {
  const letters = LETTERS.length;
  const last = number % letters;
  const digit = Math.floor(number / letters) % DIGITS.length;
  const first = Math.floor(number / (letters * DIGITS.length));
  return `${LETTERS[first]}${DIGITS[digit]}${LETTERS[last]}`;
}

/** A message that names a handle. */
export interface HandleReading {
  /** The handle, folded. */
  readonly handle: string;
  /**
   * Whether it is meant as a handle even if no such handle is known: it stands in brackets, after `#`, or
   * before an answer.
   */
  readonly isCertain: boolean;
  /** The rest of the message, as typed; empty if there is only the handle. */
  readonly answer: string;
}

/** `k7m`, `[k7m]`, `#k7m`, `k7m:` as a word of its own. */
const WORD = new RegExp(`^([#([]*)(${HANDLE})[)\\]]*[:,.;=!?-]*$`);
/** `k7m:yes`, `[k7m]yes`: the start of a longer word. */
const START = new RegExp(`^[#([]*(${HANDLE})(?:[)\\]]+[:,.;=]?|[:,;=])`);

/**
 * The handle at the start or the end of a message; undefined if there is none. Case, width and invisible
 * characters do not count.
 */
export function readHandle(content: string): HandleReading | undefined {
  const text = content.trim();
  const [first = ""] = /^\S+/.exec(text) ?? [];
  const atStart = WORD.exec(fold(first));
  if (atStart !== null) {
    const found = reading(atStart, text.slice(first.length));
    return found.answer === "" ? found : { ...found, isCertain: true };
  }
  const glued = START.exec(fold(first));
  if (glued !== null) {
    const [start, handle = ""] = glued;
    const answer = text.slice(Math.max(0, endOfFoldedStart(text, start)));
    return { handle, isCertain: true, answer: answer.trim() };
  }
  const last = text.slice(lastWordStart(text));
  const atEnd = WORD.exec(fold(last));
  return atEnd === null ? undefined : reading(atEnd, text.slice(0, -last.length));
}

function reading([, mark, handle = ""]: RegExpExecArray, rest: string): HandleReading {
  // "k7m - yes", but "k7m -5".
  const answer = rest.trim().replace(/^[-–—:=>]+\s+/, "");
  return { handle, isCertain: mark !== "", answer };
}

/** Where the last word of a trimmed text starts. Not by /\S+$/, which takes quadratic time. */
function lastWordStart(text: string): number {
  let start = text.length;
  while (start > 0 && /\S/.test(text.charAt(start - 1))) start--;
  return start;
}

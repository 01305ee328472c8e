/**
 * Splits what a person typed into words, one at a time.
 *
 * - White space separates words, line ends included.
 * - Quotes group words: `"…"`, `'…'`, `«…»`, `‹…›`, and curly quotes in any pairing, because phones and
 *   keyboards mix them. The spaces that French puts inside guillemets are not part of the words. A quote opens at the start of a word, right after another closing quote, and after the
 *   `=` of `--name=`. Anywhere else it is an ordinary character: `5"`, `don't`.
 * - A single quote before a letter or digit does not close: `'don't panic'` is one word.
 * - An unclosed quote is an ordinary character.
 * - Nothing is escaped or expanded: `\`, `$` and `*` are ordinary characters.
 *
 * @module
 */
import { isLetterOrDigit, isSpace } from "../text/characters.ts";

/** A word. */
export interface Token {
  /** The word without its quotes. */
  readonly text: string;
  /** Where it starts in the line, in UTF-16 code units, opening quote included. */
  readonly start: number;
  /** Whether it starts with a (closed) quote. A quoted word is never a flag or a command. */
  readonly quoted: boolean;
}

const DOUBLE = 0;
const SINGLE = 1;
const GUILLEMET = 2;
const SINGLE_GUILLEMET = 3;
type Quote = typeof DOUBLE | typeof SINGLE | typeof GUILLEMET | typeof SINGLE_GUILLEMET;

/** Reads the words of one line, in linear time whatever the line contains. */
export class Tokenizer {
  /** Where the next word is searched for. Set it back to a word's start to read that word again. */
  position: number;
  readonly #line: string;
  /**
   * For each kind of quote, no closing quote exists from here on; remembered so that reading is linear.
   * Made for the first quote that is not closed.
   */
  #unclosedFrom: [number, number, number, number] | undefined;

  /** Reads `line` from `position` on. */
  constructor(line: string, position = 0) {
    this.#line = line;
    this.position = position;
  }

  /** The next word; undefined at the end of the line. */
  next(): Token | undefined {
    const line = this.#line;
    let at = this.position;
    while (at < line.length && isSpace(line.charCodeAt(at))) at++;
    const start = at;
    if (at === line.length) {
      this.position = at;
      return undefined;
    }

    let text = "";
    let quoted = false;
    let mayOpen = true;
    let plainFrom = at;
    while (at < line.length) {
      const code = line.charCodeAt(at);
      if (isSpace(code)) break;
      const quote = mayOpen ? quoteKind(code) : undefined;
      const close = quote === undefined ? -1 : this.#findClose(quote, at + 1);
      if (quote !== undefined && close !== -1) {
        quoted ||= at === start;
        const inside = line.slice(at + 1, close);
        text += line.slice(plainFrom, at) + (quote >= GUILLEMET ? inside.trim() : inside);
        at = close + 1;
        plainFrom = at;
      } else {
        mayOpen = code === EQUALS && !quoted && isFlagName(line, start, at);
        at++;
      }
    }
    this.position = at;
    return { text: text + line.slice(plainFrom, at), start, quoted };
  }

  /** The position of the quote that closes one opened just before `from`; -1 if there is none. */
  #findClose(quote: Quote, from: number): number {
    const line = this.#line;
    if (this.#unclosedFrom !== undefined && from >= this.#unclosedFrom[quote]) return -1;
    for (let at = from; at < line.length; at++) {
      if (quoteKind(line.charCodeAt(at)) !== quote) continue;
      if (quote !== SINGLE || !isLetterOrDigit(line, at + 1)) return at;
    }
    this.#unclosedFrom ??= [Infinity, Infinity, Infinity, Infinity];
    this.#unclosedFrom[quote] = from;
    return -1;
  }
}

/**
 * How many code units of dashes start a flag at `at`: two for `--`, one for the long dash that phones
 * turn it into, 0 if no flag starts there.
 */
export function flagDashes(line: string, at: number): number {
  const code = line.charCodeAt(at);
  if (code === 0x2013 || code === 0x2014) return 1;
  return code === 0x2d && line.charCodeAt(at + 1) === 0x2d ? 2 : 0;
}

const EQUALS = 0x3d;

function quoteKind(code: number): Quote | undefined {
  if (code === 0x22) return DOUBLE;
  if (code === 0x27) return SINGLE;
  if (code < 0xab) return undefined;
  if (code === 0xab || code === 0xbb) return GUILLEMET; // « »
  // “ ” „ ‟ and ‘ ’ ‚ ‛
  if (code >= 0x2018 && code <= 0x201f) return code < 0x201c ? SINGLE : DOUBLE;
  if (code === 0x2039 || code === 0x203a) return SINGLE_GUILLEMET; // ‹ ›
  // Full-width " and '
  if (code === 0xff02) return DOUBLE;
  return code === 0xff07 ? SINGLE : undefined;
}

function isFlagName(line: string, start: number, end: number): boolean {
  return flagDashes(line, start) > 0 && line.indexOf("=", start) === end;
}

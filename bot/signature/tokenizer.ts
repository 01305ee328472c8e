/**
 * Cuts what a person typed into words, one at a time.
 *
 * - White space separates words, line ends included.
 * - Quotes hold words together: `"…"`, `'…'`, and the curly ones in any pairing, as phones and
 *   keyboards mix them. A quote opens where a word starts, right after another closing quote, and
 *   after the `=` of `--name=`. Anywhere else it is a character like others: `5"`, `don't`.
 * - A single quote before a letter or digit does not close: `'don't panic'` is one word.
 * - A quote that is never closed is a character like others.
 * - Nothing is replaced or expanded: `\`, `$` and `*` are characters.
 *
 * @module
 */
import { isLetterOrDigit, isSpace } from "../text/characters.ts";

/** A word. */
export interface Token {
  /** The word without its quotes. */
  readonly text: string;
  /** Where it starts in the line, in UTF-16 code units; a quote counts. */
  readonly start: number;
  /** Whether it starts with a quote that is closed: such a word is never a flag or a command. */
  readonly quoted: boolean;
}

const DOUBLE = 0;
const SINGLE = 1;
type Quote = typeof DOUBLE | typeof SINGLE;

/** Reads the words of one line. Takes time in proportion to the line's length, whatever is in it. */
export class Tokenizer {
  /** Where the next word is looked for; may be set back to where a word was read. */
  position: number;
  readonly #line: string;
  // From here on the line has no quote that closes one of the kind: not to be looked for again.
  readonly #unclosedFrom: [double: number, single: number] = [Infinity, Infinity];

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
      if (close !== -1) {
        quoted ||= at === start;
        text += line.slice(plainFrom, at) + line.slice(at + 1, close);
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

  /** Where a quote of this kind closes that opened before `from`; -1 if it never does. */
  #findClose(quote: Quote, from: number): number {
    const line = this.#line;
    if (from >= this.#unclosedFrom[quote]) return -1;
    for (let at = from; at < line.length; at++) {
      if (quoteKind(line.charCodeAt(at)) !== quote) continue;
      if (quote === DOUBLE || !isLetterOrDigit(line, at + 1)) return at;
    }
    this.#unclosedFrom[quote] = from;
    return -1;
  }
}

/**
 * How many code units of dashes start a flag at this place: two for `--`, one for the long dash that
 * phones make of it, 0 where no flag starts.
 */
export function flagDashes(line: string, at: number): number {
  const code = line.charCodeAt(at);
  if (code === 0x2013 || code === 0x2014) return 1;
  return code === 0x2d && line.charCodeAt(at + 1) === 0x2d ? 2 : 0;
}

const EQUALS = 0x3d;

function quoteKind(code: number): Quote | undefined {
  // " “ ” „ ‟ and ' ‘ ’ ‚ ‛
  if (code === 0x22) return DOUBLE;
  if (code === 0x27) return SINGLE;
  if (code < 0x2018 || code > 0x201f) return undefined;
  return code < 0x201c ? SINGLE : DOUBLE;
}

function isFlagName(line: string, start: number, end: number): boolean {
  return flagDashes(line, start) > 0 && line.indexOf("=", start) === end;
}

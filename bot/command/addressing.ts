/**
 * Decides which messages address the bot: those that start with a prefix or its name.
 * @module
 */
import { isLetterOrDigit, isSpace } from "../text/characters.ts";
import { endOfFoldedStart, fold, skipInvisible } from "../text/fold.ts";

/** How a message addresses the bot. */
export interface Address {
  /** The offset of the command's first word, in UTF-16 code units. */
  readonly position: number;
  /**
   * Whether it addresses the bot even without a known command: it starts with the bot's name, or
   * with a prefix followed by a letter or digit. `!!!` does not.
   */
  readonly certain: boolean;
}

interface Prefix {
  readonly text: string;
  /** Whether whitespace must follow: after a prefix such as `bot`, but not after one such as `!`. */
  readonly isWord: boolean;
}

/** The prefixes and the name that address a bot. Everything is compared folded, see fold.ts. */
export class Addressing {
  /** What to put before a command in replies and help: `!`, `bot `, `@name `. */
  readonly call: string;
  readonly #mention: string;
  readonly #prefixes: readonly Prefix[];

  /** `prefixes` may be empty: `@name` always works. */
  constructor(name: string, prefixes: readonly string[]) {
    const [first = `@${name} `] = prefixes;
    this.call = isWord(first) ? `${first} ` : first;
    this.#mention = fold(`@${name}`);
    // The longest prefix first: with "!" and "!!", "!!ping" has the prefix "!!".
    this.#prefixes = prefixes.toSorted((a, b) => b.length - a.length).map((prefix) => ({
      text: fold(prefix),
      isWord: isWord(prefix),
    }));
  }

  /** Finds where the command starts in `content`; undefined if it does not address the bot. */
  find(content: string): Address | undefined {
    for (const { text, isWord } of this.#prefixes) {
      const end = endOfFoldedStart(content, text);
      if (end === -1 || end === content.length) continue;
      if (isSpace(content.charCodeAt(end)) === isWord) {
        return { position: end, certain: isWord || isLetterOrDigit(content, end) };
      }
    }
    const position = mentionEnd(content, this.#mention);
    return position === -1 ? undefined : { position, certain: true };
  }

  /** Whether a message addresses this bot by name, and so cannot be meant for another bot. */
  startsWithName(content: string): boolean {
    return endOfFoldedStart(content, this.#mention) !== -1;
  }
}

/**
 * Where `content` goes on after `mention`, a folded `@name`, and the punctuation after it; -1 if it
 * does not start with that mention.
 */
export function mentionEnd(content: string, mention: string): number {
  const end = endOfFoldedStart(content, mention);
  if (end === -1) return -1;
  const position = /[,:;.!?\uff0c\uff1a\uff1b\uff0e\uff01\uff1f]/.test(content.charAt(end))
    ? skipInvisible(content, end + 1)
    : end;
  return position === content.length || isSpace(content.charCodeAt(position)) ? position : -1;
}

function isWord(prefix: string): boolean {
  return /[\p{L}\p{N}]$/u.test(prefix);
}

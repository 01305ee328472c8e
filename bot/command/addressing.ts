/**
 * Tells which messages are meant for the bot: those that start with a prefix or with its name.
 * @module
 */
import { isLetterOrDigit, isSpace } from "../text/characters.ts";
import { endOfFoldedStart, fold, skipInvisible } from "../text/fold.ts";

/** A message that is meant for the bot. */
export interface Address {
  /** Where the command's words start, in UTF-16 code units. */
  readonly position: number;
  /**
   * Whether it is meant for the bot even if it calls no command: by its name, or by a prefix before
   * a letter or digit. `!!!` is not.
   */
  readonly certain: boolean;
}

interface Prefix {
  readonly text: string;
  /** After a prefix such as `bot` white space follows; after one such as `!` the command does. */
  readonly isWord: boolean;
}

/** How a bot is called. Everything is compared folded, see fold.ts. */
export class Addressing {
  /** What to write before a command in answers and help: `!`, `bot `, `@name `. */
  readonly call: string;
  readonly #mention: string;
  readonly #prefixes: readonly Prefix[];

  /** `prefixes` may be empty; the bot's name after an `@` always works. */
  constructor(name: string, prefixes: readonly string[]) {
    const [first = `@${name} `] = prefixes;
    this.call = isWord(first) ? `${first} ` : first;
    this.#mention = fold(`@${name}`);
    // With "!" and "!!", "!!ping" is the longer one's.
    this.#prefixes = prefixes.toSorted((a, b) => b.length - a.length).map((prefix) => ({
      text: fold(prefix),
      isWord: isWord(prefix),
    }));
  }

  /** Where the command starts in `content`; undefined when the message is not for the bot. */
  find(content: string): Address | undefined {
    for (const { text, isWord } of this.#prefixes) {
      const end = endOfFoldedStart(content, text);
      if (end === -1 || end === content.length) continue;
      if (isSpace(content.charCodeAt(end)) === isWord) {
        return { position: end, certain: isWord || isLetterOrDigit(content, end) };
      }
    }
    const end = endOfFoldedStart(content, this.#mention);
    if (end === -1) return undefined;
    const position = /[,:;.!?\uff0c\uff1a\uff1b\uff0e\uff01\uff1f]/.test(content.charAt(end))
      ? skipInvisible(content, end + 1)
      : end;
    return position === content.length || isSpace(content.charCodeAt(position))
      ? { position, certain: true }
      : undefined;
  }

  /** Whether a message that is for the bot is for no other one: it starts with its name. */
  isByName(content: string): boolean {
    return endOfFoldedStart(content, this.#mention) !== -1;
  }
}

function isWord(prefix: string): boolean {
  return /[\p{L}\p{N}]$/u.test(prefix);
}

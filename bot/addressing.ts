/**
 * Tells which messages are meant for the bot: those that start with a prefix or with its name.
 * @module
 */

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

/** How a bot is called. */
export class Addressing {
  readonly #mention: string;
  readonly #prefixes: readonly string[];

  /** `prefixes` may be empty; the bot's name after an `@` always works. */
  constructor(name: string, prefixes: readonly string[]) {
    this.#mention = `@${name}`.toLowerCase();
    // With "!" and "!!", "!!ping" is the longer one's.
    this.#prefixes = prefixes.map((prefix) => prefix.toLowerCase())
      .toSorted((a, b) => b.length - a.length);
  }

  /** Where the command starts in `content`; undefined when the message is not for the bot. */
  find(content: string): Address | undefined {
    for (const prefix of this.#prefixes) {
      const end = prefix.length;
      if (startsWith(content, prefix) && isPrefixEnd(content, end)) {
        const position = afterSpace(content, end);
        if (position === content.length) return undefined;
        return { position, certain: isLetterOrDigit(content, position) };
      }
    }
    if (!startsWith(content, this.#mention)) return undefined;
    const end = this.#mention.length;
    const [separator = ""] = /^(?:[,:;.!?]?(?=\s)|[,:;.!?]?$)/.exec(content.slice(end, end + 2)) ??
      [];
    return separator === "" && end < content.length && !isSpace(content, end)
      ? undefined
      : { position: end + separator.length, certain: true };
  }
}

function startsWith(content: string, lowerCase: string): boolean {
  return content.slice(0, lowerCase.length).toLowerCase() === lowerCase;
}

/** After "!" the command follows at once; after a prefix that is a word, white space does. */
function isPrefixEnd(content: string, end: number): boolean {
  return isLetterOrDigit(content, end - 1) === isSpace(content, end);
}

function afterSpace(content: string, from: number): number {
  let at = from;
  while (isSpace(content, at)) at++;
  return at;
}

function isSpace(content: string, at: number): boolean {
  return /^\s$/.test(content.charAt(at));
}

function isLetterOrDigit(content: string, at: number): boolean {
  return /^[\p{L}\p{N}]/u.test(String.fromCodePoint(content.codePointAt(at) ?? 0));
}

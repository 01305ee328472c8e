/**
 * What a run of a bot knows about display names in the room.
 * @module
 */
import { endOfFoldedStart, fold } from "../text/fold.ts";
import { mentionEnd } from "./addressing.ts";

/** Anyone can make up as many names as they like: the oldest are forgotten. */
const MAX_NAMES = 1_000;

/** The display names of the connections that are or were in the room, as far as the bot heard them. */
export class RoomNames {
  /** The folded `@name`, by name as it is spelled; the latest last. */
  readonly #mentions = new Map<string, string>();
  /** The name that was heard last: mostly the same device speaks again. */
  #latest: string | null = null;

  /** A connection with this display name is in the room. */
  heard(name: string | null): void {
    if (name === this.#latest || name === null || name === "") return;
    this.#latest = name;
    if (this.#mentions.has(name)) return;
    if (this.#mentions.size === MAX_NAMES) {
      const [oldest = ""] = this.#mentions.keys();
      this.#mentions.delete(oldest);
    }
    this.#mentions.set(name, fold(`@${name}`));
  }

  /** Whether a message starts with `@` and one of the names, and so is meant for that connection. */
  startsWithMention(content: string): boolean {
    if (endOfFoldedStart(content, "@") === -1) return false;
    for (const mention of this.#mentions.values()) {
      if (mentionEnd(content, mention) !== -1) return true;
    }
    return false;
  }
}

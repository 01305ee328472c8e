/**
 * What was said while the chat is open: to be searched, and written to a file.
 * @module
 */

/** So many entries are kept; older ones are in the terminal's scrollback only. */
const MOST_ENTRIES = 10_000;

/** The newest entries of a chat, oldest first. */
export class Transcript {
  #entries: string[] = [];

  /** Adds an entry: a message with its time and sender. */
  add(entry: string): void {
    this.#entries.push(entry);
    // In steps, for taking one from the front of a long list moves all others.
    if (this.#entries.length >= MOST_ENTRIES * 1.1) this.#entries = this.entries();
  }

  /** The entries. */
  entries(): string[] {
    return this.#entries.slice(-MOST_ENTRIES);
  }

  /** The newest `most` entries that hold `text`, in any case. */
  search(text: string, most: number): string[] {
    const wanted = text.toLowerCase();
    return this.entries().filter((entry) => entry.toLowerCase().includes(wanted)).slice(-most);
  }
}

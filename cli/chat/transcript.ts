/**
 * What was said while the chat is open: to be searched, and written to a file.
 * @module
 */
import { parseJson } from "../../client/base/json.ts";

/** So many entries are kept at least; older ones are in the terminal's scrollback only. */
const MOST_ENTRIES = 10_000;

/** So many entries are kept together. */
const BLOCK = 250;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The newest entries of a chat, oldest first.
 *
 * They are kept as bytes: objects that live on make V8 enlarge the space for young ones, by 60 MB in
 * a flood, and it does not give them back.
 */
export class Transcript {
  readonly #blocks: Uint8Array[] = [];
  #recent: string[] = [];

  /** Adds an entry: a message with its time and sender. */
  add(entry: string): void {
    this.#recent.push(entry);
    if (this.#recent.length < BLOCK) return;
    this.#blocks.push(encoder.encode(JSON.stringify(this.#recent)));
    this.#recent = [];
    if (this.#blocks.length * BLOCK > MOST_ENTRIES) this.#blocks.shift();
  }

  /** The entries. */
  entries(): string[] {
    return [...this.#blocks.flatMap(entriesOf), ...this.#recent].slice(-MOST_ENTRIES);
  }

  /** The newest `most` entries that hold `text`, in any case. */
  search(text: string, most: number): string[] {
    const wanted = text.toLowerCase();
    return this.entries().filter((entry) => entry.toLowerCase().includes(wanted)).slice(-most);
  }
}

function entriesOf(block: Uint8Array): string[] {
  const entries = parseJson(decoder.decode(block));
  return Array.isArray(entries) ? entries.filter((entry) => typeof entry === "string") : [];
}

/**
 * The messages of this chat, for /search and /export.
 * @module
 */
import { parseJson } from "../../client/base/json.ts";

/** Older entries are only in the terminal's scrollback. */
const MAX_ENTRIES = 10_000;

/** The number of entries stored together. */
const BLOCK_SIZE = 250;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The newest entries of a chat, oldest first.
 *
 * They are stored as bytes: long-lived strings make V8 enlarge its young generation, by 60 MB in a
 * flood of messages, and V8 does not release that memory.
 */
export class Transcript {
  readonly #blocks: Uint8Array[] = [];
  #recent: string[] = [];

  /** Adds an entry: a message with its time and sender. */
  add(entry: string): void {
    this.#recent.push(entry);
    if (this.#recent.length < BLOCK_SIZE) return;
    this.#blocks.push(encoder.encode(JSON.stringify(this.#recent)));
    this.#recent = [];
    if (this.#blocks.length * BLOCK_SIZE > MAX_ENTRIES) this.#blocks.shift();
  }

  entries(): string[] {
    return [...this.#blocks.flatMap(entriesOf), ...this.#recent].slice(-MAX_ENTRIES);
  }

  /** The newest `limit` entries that contain `text`, ignoring case. */
  search(text: string, limit: number): string[] {
    const wanted = text.toLowerCase();
    return this.entries().filter((entry) => entry.toLowerCase().includes(wanted)).slice(-limit);
  }
}

function entriesOf(block: Uint8Array): string[] {
  const entries = parseJson(decoder.decode(block));
  return Array.isArray(entries) ? entries.filter((entry) => typeof entry === "string") : [];
}

/**
 * Ctrl+R: searches the input history as the user types.
 * @module
 */
import type { Key } from "../terminal/key_decoder.ts";
import type { InputHistory } from "./input_history.ts";

/** A search in progress. */
export class HistorySearch {
  readonly #history: InputHistory;
  #query = "";
  #skip = 0;

  constructor(history: InputHistory) {
    this.#history = history;
  }

  /** The text to find. */
  get query(): string {
    return this.#query;
  }

  /** The matching entry, if any. */
  get match(): string | undefined {
    return this.#history.search(this.#query, this.#skip);
  }

  /** Handles a key. @returns False if the key ends the search and must be handled elsewhere. */
  press(key: Key): boolean {
    if (key.kind === "text") {
      this.#query += key.text;
      this.#skip = 0;
    } else if (key.kind === "key" && key.name === "ctrl+r") {
      this.#skip++;
    } else if (key.kind === "key" && key.name === "backspace") {
      this.#query = this.#query.slice(0, -1);
      this.#skip = 0;
    } else return key.kind === "focus";
    return true;
  }
}

/**
 * Ctrl+R: finds in what was written before, while the user types what to find.
 * @module
 */
import type { InputHistory } from "./input_history.ts";
import type { Key } from "./key_decoder.ts";

/** A search under way. */
export class HistorySearch {
  readonly #history: InputHistory;
  #wanted = "";
  #skip = 0;

  constructor(history: InputHistory) {
    this.#history = history;
  }

  /** What to find. */
  get wanted(): string {
    return this.#wanted;
  }

  /** The entry that was found; undefined without one. */
  get found(): string | undefined {
    return this.#history.search(this.#wanted, this.#skip);
  }

  /** Takes a key; false where it ends the search and means something else. */
  press(key: Key): boolean {
    if (key.kind === "text") {
      this.#wanted += key.text;
      this.#skip = 0;
    } else if (key.kind === "key" && key.name === "ctrl+r") {
      this.#skip++;
    } else if (key.kind === "key" && key.name === "backspace") {
      this.#wanted = this.#wanted.slice(0, -1);
      this.#skip = 0;
    } else return key.kind === "focus";
    return true;
  }
}

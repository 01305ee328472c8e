/**
 * Ctrl+R: searches the input history as the user types.
 * @module
 */
import type { Key } from "../../terminal/key_decoder.ts";
import { InputHistory } from "./input_history.ts";
import { isEdit, LineEditor } from "./line_editor.ts";

/** A search in progress. */
export class HistorySearch {
  readonly #history: InputHistory;
  /** Edits the query like any input. It has no history of its own. */
  readonly #editor = new LineEditor(new InputHistory());
  #skip = 0;

  constructor(history: InputHistory) {
    this.#history = history;
  }

  /** The text to find. */
  get query(): string {
    return this.#editor.text;
  }

  /** The matching entry, if any. */
  get match(): string | undefined {
    return this.#history.search(this.query, this.#skip);
  }

  /**
   * Handles a key. Keys that edit change the query; those that only move end the search, as in readline.
   * @returns False if the key ends the search and must be handled elsewhere.
   */
  press(key: Key): boolean {
    if (key.kind === "text" || key.kind === "paste") {
      if (key.kind === "text") this.#editor.type(key.text);
      else this.#editor.insert(key.text);
      this.#skip = 0;
    } else if (key.kind === "key" && key.name === "ctrl+r") {
      this.#skip++;
    } else if (key.kind === "key" && isEdit(key.name)) {
      this.#editor.press(key.name);
      this.#skip = 0;
    } else return key.kind === "focus";
    return true;
  }
}

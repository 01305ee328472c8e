/**
 * Remembers the changes of a line, to undo them one by one.
 * @module
 */

/** A part of a text that was replaced. */
export interface Change {
  readonly start: number;
  readonly removed: string;
  readonly inserted: string;
  /** Where the cursor goes when the change is undone. */
  readonly cursor: number;
}

/** So much typed text is one change, as in readline. */
const MAX_TYPED = 20;

/** The changes of one line, the last on top. */
export class UndoStack {
  readonly #changes: Change[] = [];
  /** Whether the last change was typed, so that more typed text belongs to it. */
  #isTyping = false;

  /** Adds a change. Text that is typed in one go is one change. */
  add(change: Change, isTyped = false): void {
    const last = this.#changes.at(-1);
    const continues = isTyped && this.#isTyping && last !== undefined &&
      change.removed === "" && change.start === last.start + last.inserted.length &&
      last.inserted.length + change.inserted.length <= MAX_TYPED;
    this.#isTyping = isTyped;
    if (!continues) this.#changes.push(change);
    else this.#changes.splice(-1, 1, { ...last, inserted: last.inserted + change.inserted });
  }

  /** Takes the last change off. */
  pop(): Change | undefined {
    this.#isTyping = false;
    return this.#changes.pop();
  }
}

/**
 * The input line: its text, its cursor, and what each key does. Keys mean what they mean in readline.
 * @module
 */
import { graphemeAfter, graphemeBefore } from "../../terminal/text_width.ts";
import type { InputHistory } from "./input_history.ts";
import { moveByRow, type RowPosition } from "./input_layout.ts";
import { secretStart } from "./secret_text.ts";
import { UndoStack } from "./undo_stack.ts";
import { capitalCase, type CaseChange, lowerCase, upperCase } from "./word_case.ts";

type Actions = Readonly<Record<string, (editor: LineEditor) => void>>;

/** The keys that only move. */
const MOVES: Actions = {
  "left": (editor) => editor.moveTo(graphemeBefore(editor.text, editor.cursor)),
  "ctrl+b": (editor) => editor.moveTo(graphemeBefore(editor.text, editor.cursor)),
  "right": (editor) => editor.moveTo(graphemeAfter(editor.text, editor.cursor)),
  "ctrl+f": (editor) => editor.moveTo(graphemeAfter(editor.text, editor.cursor)),
  "home": (editor) => editor.moveTo(editor.lineStart()),
  "ctrl+a": (editor) => editor.moveTo(editor.lineStart()),
  "end": (editor) => editor.moveTo(editor.lineEnd()),
  "ctrl+e": (editor) => editor.moveTo(editor.lineEnd()),
  "alt+b": (editor) => editor.moveTo(editor.wordStart()),
  "alt+left": (editor) => editor.moveTo(editor.wordStart()),
  "ctrl+left": (editor) => editor.moveTo(editor.wordStart()),
  "alt+f": (editor) => editor.moveTo(editor.wordEnd()),
  "alt+right": (editor) => editor.moveTo(editor.wordEnd()),
  "ctrl+right": (editor) => editor.moveTo(editor.wordEnd()),
  "up": (editor) => editor.up(),
  "ctrl+p": (editor) => editor.up(),
  "down": (editor) => editor.down(),
  "ctrl+n": (editor) => editor.down(),
};

/** The keys that change the text. */
const EDITS: Actions = {
  "backspace": (editor) => editor.erase(graphemeBefore(editor.text, editor.cursor)),
  "delete": (editor) => editor.erase(graphemeAfter(editor.text, editor.cursor)),
  "ctrl+d": (editor) => editor.erase(graphemeAfter(editor.text, editor.cursor)),
  "ctrl+u": (editor) => editor.kill(editor.lineStart()),
  "ctrl+k": (editor) => editor.kill(Math.max(editor.lineEnd(), editor.afterNewline())),
  "ctrl+w": (editor) => editor.kill(editor.spacedWordStart()),
  "alt+backspace": (editor) => editor.kill(editor.wordStart()),
  "alt+d": (editor) => editor.kill(editor.wordEnd()),
  "ctrl+y": (editor) => editor.yank(),
  "ctrl+t": (editor) => editor.transpose(),
  "alt+u": (editor) => editor.changeCase(upperCase),
  "alt+l": (editor) => editor.changeCase(lowerCase),
  "alt+c": (editor) => editor.changeCase(capitalCase),
  "ctrl+_": (editor) => editor.undo(),
  "ctrl+/": (editor) => editor.undo(),
  "ctrl+x ctrl+u": (editor) => editor.undo(),
  "alt+enter": (editor) => editor.insert("\n"),
  "shift+enter": (editor) => editor.insert("\n"),
  "ctrl+enter": (editor) => editor.insert("\n"),
  "ctrl+j": (editor) => editor.insert("\n"),
};

/**
 * The position a row up or down, in `column` if that is given; undefined if there is no such row. The
 * rows are those on the screen.
 */
export type RowMove = (by: -1 | 1, column: number | undefined) => RowPosition | undefined;

/** Whether a key changes the text of a line, and does not only move in it. */
export function isEdit(name: string): boolean {
  return Object.hasOwn(EDITS, name);
}

/** An editor for text of one or more lines, with the input history. */
export class LineEditor {
  readonly #history: InputHistory;
  readonly #moveByRow: RowMove;
  #text = "";
  #cursor = 0;
  #killed = "";
  #changes = new UndoStack();
  /** The changes of the history entries that were left, by their position. */
  readonly #changesElsewhere = new Map<number, UndoStack>();
  /** Whether a part of the line was hidden at any time. */
  #heldSecret = false;
  /** What the last key did, and what this one does, if another key like it continues it. */
  #last: "kill" | "row" | undefined;
  #current: "kill" | "row" | undefined;
  /** The column that Up and Down keep, also through rows that are shorter. */
  #column = 0;

  /** Up and Down move through the rows that `moveByRow` knows, by default the lines, and `history`. */
  constructor(history: InputHistory, moveByRow?: RowMove) {
    this.#history = history;
    this.#moveByRow = moveByRow ?? ((by, column) => this.#moveByLine(by, column));
  }

  get text(): string {
    return this.#text;
  }

  /** The cursor: an index between two graphemes of the text. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Handles a key by its name. @returns Whether the key does something here. */
  press(name: string): boolean {
    const action = [EDITS, MOVES].find((keys) => Object.hasOwn(keys, name))?.[name];
    if (action === undefined) return false;
    this.#current = undefined;
    action(this);
    this.#last = this.#current;
    return true;
  }

  /** Inserts typed text at the cursor. */
  type(text: string): void {
    this.#last = undefined;
    this.#change(this.#cursor, this.#cursor, text, { isTyped: true });
  }

  /** Inserts text at the cursor. */
  insert(text: string): void {
    this.replace(this.#cursor, this.#cursor, text);
  }

  /** Replaces the text from `start` to `end` and puts the cursor after the replacement. */
  replace(start: number, end: number, text: string): void {
    this.#last = undefined;
    this.#change(start, end, text);
  }

  /** Replaces the whole text and puts the cursor at its end. */
  set(text: string): void {
    this.replace(0, this.#text.length, text);
  }

  /**
   * Clears the text and returns it, for example to send it. Nothing that was hidden can be brought
   * back afterwards.
   */
  take(): string {
    const text = this.#text;
    this.#show("");
    if (this.#heldSecret) this.#killed = "";
    this.#changes = new UndoStack();
    this.#changesElsewhere.clear();
    this.#heldSecret = false;
    this.#last = undefined;
    this.#history.reset();
    return text;
  }

  /** Clears the text; {@linkcode LineEditor.yank} brings it back, if nothing of it was hidden. */
  discard(): void {
    const text = this.#text;
    this.#show("");
    const isSecret = this.#heldSecret;
    this.take();
    if (!isSecret) this.#killed = text;
  }

  /** Moves the cursor to an index. */
  moveTo(index: number): void {
    this.#cursor = index;
  }

  /** Deletes the text between the cursor and `other`. */
  erase(other: number): void {
    this.#change(Math.min(this.#cursor, other), Math.max(this.#cursor, other), "");
  }

  /**
   * Like {@linkcode LineEditor.erase}, but {@linkcode LineEditor.yank} brings the text back. Kills in a
   * row are one text. What is hidden can only be brought back by {@linkcode LineEditor.undo}.
   */
  kill(other: number): void {
    const end = Math.max(this.#cursor, other);
    const killed = this.#text.slice(Math.min(this.#cursor, other), end);
    if (killed === "") return;
    const before = this.#last === "kill" ? this.#killed : "";
    if (end > secretStart(this.#text)) this.#killed = "";
    else this.#killed = other > this.#cursor ? before + killed : killed + before;
    this.erase(other);
    this.#current = "kill";
  }

  /** Inserts the text that was killed last. */
  yank(): void {
    this.insert(this.#killed);
  }

  /** Swaps the graphemes around the cursor, at the end of the text the two before it. */
  transpose(): void {
    const isAtEnd = this.#cursor === this.#text.length;
    const middle = isAtEnd ? graphemeBefore(this.#text, this.#cursor) : this.#cursor;
    if (middle === 0) return;
    const start = graphemeBefore(this.#text, middle);
    const end = graphemeAfter(this.#text, middle);
    const swapped = this.#text.slice(middle, end) + this.#text.slice(start, middle);
    this.#change(start, end, swapped, { undoneCursor: middle });
  }

  /** Changes the case from the cursor to the end of the word, and moves there. */
  changeCase(change: CaseChange): void {
    const [start, end] = [this.#cursor, this.wordEnd()];
    const before = this.#text.slice(0, start);
    const word = this.#text.slice(start, end);
    const changed = change(before, word, this.#text.slice(end));
    if (changed === word) this.#cursor = end;
    else this.#change(start, end, changed);
  }

  /** Undoes the last change of this line. */
  undo(): void {
    const change = this.#changes.pop();
    if (change === undefined) return;
    const { start, removed, inserted, cursor } = change;
    this.#show(this.#text.slice(0, start) + removed + this.#text.slice(start + inserted.length));
    this.#cursor = this.#graphemeEnd(cursor);
  }

  /** Moves up a row, or from the first row to the previous history entry. */
  up(): void {
    if (!this.#toRow(-1)) this.#toEntry((text) => this.#history.older(text));
  }

  /** Moves down a row, or from the last row to the next history entry. */
  down(): void {
    if (!this.#toRow(1)) this.#toEntry((text) => this.#history.newer(text));
  }

  /** The start of the cursor's line. */
  lineStart(): number {
    return this.#lineStartAt(this.#cursor);
  }

  /** The end of the cursor's line. */
  lineEnd(): number {
    const end = this.#text.indexOf("\n", this.#cursor);
    return end < 0 ? this.#text.length : end;
  }

  /** The index after the newline at the cursor; the cursor itself if there is none. */
  afterNewline(): number {
    return this.#text[this.#cursor] === "\n" ? this.#cursor + 1 : this.#cursor;
  }

  /** The start of the word before the cursor. */
  wordStart(): number {
    const length = matchLength(/[\p{L}\p{N}\p{M}]*[^\p{L}\p{N}\p{M}]*$/u, this.#before());
    return this.#graphemeStart(this.#cursor - length);
  }

  /** Like `wordStart`, but only white space separates words. */
  spacedWordStart(): number {
    return this.#graphemeStart(this.#cursor - matchLength(/\S*\s*$/, this.#before()));
  }

  /** The end of the word after the cursor. */
  wordEnd(): number {
    const after = this.#text.slice(this.#cursor);
    const length = matchLength(/^[^\p{L}\p{N}\p{M}]*[\p{L}\p{N}\p{M}]*/u, after);
    return this.#graphemeEnd(this.#cursor + length);
  }

  /** The start of the grapheme that `index` is in; `index` itself between two graphemes. */
  #graphemeStart(index: number): number {
    return index >= this.#text.length ? index : graphemeBefore(this.#text, index + 1);
  }

  /** The end of the grapheme that `index` is in; `index` itself between two graphemes. */
  #graphemeEnd(index: number): number {
    const start = this.#graphemeStart(index);
    return start === index ? index : graphemeAfter(this.#text, start);
  }

  #lineStartAt(index: number): number {
    return index === 0 ? 0 : this.#text.lastIndexOf("\n", index - 1) + 1;
  }

  #before(): string {
    return this.#text.slice(0, this.#cursor);
  }

  /** Replaces a part of the text so that it can be undone, and puts the cursor after it. */
  #change(
    start: number,
    end: number,
    inserted: string,
    { isTyped = false, undoneCursor }: { isTyped?: boolean; undoneCursor?: number } = {},
  ): void {
    const removed = this.#text.slice(start, end);
    const cursor = undoneCursor ?? end;
    if (removed !== inserted) this.#changes.add({ start, removed, inserted, cursor }, isTyped);
    this.#show(this.#text.slice(0, start) + inserted + this.#text.slice(end));
    // The replacement may have become one grapheme with what follows it.
    this.#cursor = this.#graphemeEnd(start + inserted.length);
  }

  /** Replaces the text, with the cursor at its end. */
  #show(text: string): void {
    this.#heldSecret ||= secretStart(this.#text) < this.#text.length;
    this.#text = text;
    this.#cursor = text.length;
  }

  #toEntry(move: (text: string) => string | undefined): void {
    const from = this.#history.position;
    const text = move(this.#text);
    if (text === undefined) return;
    this.#changesElsewhere.set(from, this.#changes);
    this.#changes = this.#changesElsewhere.get(this.#history.position) ?? new UndoStack();
    this.#show(text);
  }

  #toRow(by: -1 | 1): boolean {
    const column = this.#last === "row" ? this.#column : undefined;
    const position = this.#moveByRow(by, column);
    if (position === undefined) return false;
    this.#cursor = position.index;
    this.#column = position.column;
    this.#current = "row";
    return true;
  }

  #moveByLine(by: -1 | 1, column: number | undefined): RowPosition | undefined {
    const { text, cursor } = this;
    return moveByRow({ prompt: "", text, cursor, hiddenFrom: text.length }, Infinity, by, column);
  }
}

function matchLength(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}

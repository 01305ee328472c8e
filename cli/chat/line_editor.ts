/**
 * The input line: its text, its cursor, and what each key does.
 * @module
 */
import { graphemeAfter, graphemeBefore } from "../terminal/text_width.ts";
import type { InputHistory } from "./input_history.ts";

const KEYS: Readonly<Record<string, (editor: LineEditor) => void>> = {
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
  "backspace": (editor) => editor.erase(graphemeBefore(editor.text, editor.cursor)),
  "delete": (editor) => editor.erase(graphemeAfter(editor.text, editor.cursor)),
  "ctrl+d": (editor) => editor.erase(graphemeAfter(editor.text, editor.cursor)),
  "ctrl+u": (editor) => editor.kill(editor.lineStart()),
  "ctrl+k": (editor) => editor.kill(Math.max(editor.lineEnd(), editor.afterNewline())),
  "ctrl+w": (editor) => editor.kill(editor.spacedWordStart()),
  "alt+backspace": (editor) => editor.kill(editor.wordStart()),
  "alt+d": (editor) => editor.kill(editor.wordEnd()),
  "ctrl+y": (editor) => editor.yank(),
  "alt+enter": (editor) => editor.insert("\n"),
  "shift+enter": (editor) => editor.insert("\n"),
  "ctrl+enter": (editor) => editor.insert("\n"),
  "ctrl+j": (editor) => editor.insert("\n"),
};

/** An editor for text of one or more lines, with the input history. */
export class LineEditor {
  readonly #history: InputHistory;
  #text = "";
  #cursor = 0;
  #killed = "";

  /** Up and Down move through `history`. */
  constructor(history: InputHistory) {
    this.#history = history;
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
    const action = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
    action?.(this);
    return action !== undefined;
  }

  /** Inserts text at the cursor. */
  insert(text: string): void {
    this.replace(this.#cursor, this.#cursor, text);
  }

  /** Replaces the text from `start` to `end` and puts the cursor after the replacement. */
  replace(start: number, end: number, text: string): void {
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(end);
    // The replacement may have become one grapheme with what follows it.
    this.#cursor = this.#graphemeEnd(start + text.length);
  }

  /** Replaces the whole text and puts the cursor at its end. */
  set(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
  }

  /** Clears the text and returns it, for example to send it. */
  take(): string {
    const text = this.#text;
    this.set("");
    this.#history.reset();
    return text;
  }

  /** Clears the text; {@linkcode LineEditor.yank} brings it back. */
  discard(): void {
    this.#killed = this.take();
  }

  /** Moves the cursor to an index. */
  moveTo(index: number): void {
    this.#cursor = index;
  }

  /** Deletes the text between the cursor and `other`. */
  erase(other: number): void {
    this.replace(Math.min(this.#cursor, other), Math.max(this.#cursor, other), "");
  }

  /** Like {@linkcode LineEditor.erase}, but {@linkcode LineEditor.yank} brings the text back. */
  kill(other: number): void {
    const killed = this.#text.slice(Math.min(this.#cursor, other), Math.max(this.#cursor, other));
    if (killed === "") return;
    this.#killed = killed;
    this.erase(other);
  }

  /** Inserts the text that was killed last. */
  yank(): void {
    this.insert(this.#killed);
  }

  /** Moves up a line, or from the first line to the previous history entry. */
  up(): void {
    const start = this.lineStart();
    if (start > 0) return this.#moveInLine(this.#lineStartAt(start - 1), start - 1);
    const older = this.#history.older(this.#text);
    if (older !== undefined) this.set(older);
  }

  /** Moves down a line, or from the last line to the next history entry. */
  down(): void {
    const end = this.lineEnd();
    if (end < this.#text.length) {
      const next = this.#text.indexOf("\n", end + 1);
      return this.#moveInLine(end + 1, next < 0 ? this.#text.length : next);
    }
    const newer = this.#history.newer();
    if (newer !== undefined) this.set(newer);
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
    const length = matchLength(/[\p{L}\p{N}\p{M}_]*[^\p{L}\p{N}\p{M}_]*$/u, this.#before());
    return this.#graphemeStart(this.#cursor - length);
  }

  /** Like `wordStart`, but only white space separates words. */
  spacedWordStart(): number {
    return this.#graphemeStart(this.#cursor - matchLength(/\S*\s*$/, this.#before()));
  }

  /** The end of the word after the cursor. */
  wordEnd(): number {
    const after = this.#text.slice(this.#cursor);
    const length = matchLength(/^[^\p{L}\p{N}\p{M}_]*[\p{L}\p{N}\p{M}_]*/u, after);
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

  /** Moves into the line from `start` to `end`, keeping the cursor's column. */
  #moveInLine(start: number, end: number): void {
    const target = Math.min(start + this.#cursor - this.lineStart(), end);
    // Never into the middle of a grapheme.
    this.#cursor = target === end ? end : graphemeBefore(this.#text, target + 1);
    if (this.#cursor < start) this.#cursor = start;
  }
}

function matchLength(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}

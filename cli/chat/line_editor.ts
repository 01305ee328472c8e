/**
 * The text that is being written: where the cursor is, and what each key does to it.
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

/** A text of one or several lines with a cursor, and what was written before. */
export class LineEditor {
  readonly #history: InputHistory;
  #text = "";
  #cursor = 0;
  #killed = "";

  /** `history` is what Up and Down go through. */
  constructor(history: InputHistory) {
    this.#history = history;
  }

  /** The text. */
  get text(): string {
    return this.#text;
  }

  /** Where the next character goes: an index between two graphemes of the text. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Does what the key named `name` does; false where it means nothing here. */
  press(name: string): boolean {
    const action = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
    action?.(this);
    return action !== undefined;
  }

  /** Writes text at the cursor. */
  insert(text: string): void {
    this.replace(this.#cursor, this.#cursor, text);
  }

  /** Puts `text` in the place of what is from `start` to `end`, with the cursor after it. */
  replace(start: number, end: number, text: string): void {
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(end);
    this.#cursor = start + text.length;
  }

  /** Another text, with the cursor at its end. */
  set(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
  }

  /** Takes the whole text away, as when it is sent. */
  take(): string {
    const text = this.#text;
    this.set("");
    this.#history.leave();
    return text;
  }

  /** Takes the whole text away, and keeps it for {@linkcode LineEditor.yank}. */
  discard(): void {
    this.#killed = this.take();
  }

  /** Puts the cursor at an index. */
  moveTo(index: number): void {
    this.#cursor = index;
  }

  /** Erases what is between the cursor and `other`. */
  erase(other: number): void {
    this.replace(Math.min(this.#cursor, other), Math.max(this.#cursor, other), "");
  }

  /** Erases as {@linkcode LineEditor.erase} does, and keeps it for {@linkcode LineEditor.yank}. */
  kill(other: number): void {
    const killed = this.#text.slice(Math.min(this.#cursor, other), Math.max(this.#cursor, other));
    if (killed === "") return;
    this.#killed = killed;
    this.erase(other);
  }

  /** Writes what was killed last. */
  yank(): void {
    this.insert(this.#killed);
  }

  /** A line up, or back in the history from the first one. */
  up(): void {
    const start = this.lineStart();
    if (start > 0) return this.#moveInLine(this.#lineStartAt(start - 1), start - 1);
    const older = this.#history.older(this.#text);
    if (older !== undefined) this.set(older);
  }

  /** A line down, or forth in the history from the last one. */
  down(): void {
    const end = this.lineEnd();
    if (end < this.#text.length) {
      const next = this.#text.indexOf("\n", end + 1);
      return this.#moveInLine(end + 1, next < 0 ? this.#text.length : next);
    }
    const newer = this.#history.newer();
    if (newer !== undefined) this.set(newer);
  }

  /** Where the cursor's line starts. */
  lineStart(): number {
    return this.#lineStartAt(this.#cursor);
  }

  /** Where the cursor's line ends. */
  lineEnd(): number {
    const end = this.#text.indexOf("\n", this.#cursor);
    return end < 0 ? this.#text.length : end;
  }

  /** After the newline that the cursor is at; where it is. */
  afterNewline(): number {
    return this.#text[this.#cursor] === "\n" ? this.#cursor + 1 : this.#cursor;
  }

  /** Where the word before the cursor starts. */
  wordStart(): number {
    return this.#cursor - matchLength(/[\p{L}\p{N}\p{M}_]*[^\p{L}\p{N}\p{M}_]*$/u, this.#before());
  }

  /** Where the word before the cursor starts, when only white space divides words. */
  spacedWordStart(): number {
    return this.#cursor - matchLength(/\S*\s*$/, this.#before());
  }

  /** Where the word after the cursor ends. */
  wordEnd(): number {
    const after = this.#text.slice(this.#cursor);
    return this.#cursor + matchLength(/^[^\p{L}\p{N}\p{M}_]*[\p{L}\p{N}\p{M}_]*/u, after);
  }

  #lineStartAt(index: number): number {
    return index === 0 ? 0 : this.#text.lastIndexOf("\n", index - 1) + 1;
  }

  #before(): string {
    return this.#text.slice(0, this.#cursor);
  }

  /** To the line from `start` to `end`, as far from its start as the cursor is from its own. */
  #moveInLine(start: number, end: number): void {
    const target = Math.min(start + this.#cursor - this.lineStart(), end);
    // Not into the middle of a grapheme.
    this.#cursor = target === end ? end : graphemeBefore(this.#text, target + 1);
    if (this.#cursor < start) this.#cursor = start;
  }
}

function matchLength(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}

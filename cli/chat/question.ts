/**
 * A yes/no question, answered with one key.
 * @module
 */
import type { Key } from "../terminal/key_decoder.ts";

/** The question, and what "yes" does. "No" does nothing. */
export interface Question {
  /** The question, without the keys that answer it. */
  readonly text: string;
  yes(): void;
}

/** The answer that a key gives, if any. */
export function answerOf(key: Key): "yes" | "no" | undefined {
  const name = key.kind === "key" ? key.name : key.kind === "text" ? key.text.toLowerCase() : "";
  if (name === "enter" || name === "y") return "yes";
  if (name === "escape" || name === "n" || name === "ctrl+c" || name === "ctrl+d") return "no";
  return undefined;
}

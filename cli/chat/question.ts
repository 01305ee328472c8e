/**
 * A question about what the user has just done, answered by one key.
 * @module
 */
import type { Key } from "./key_decoder.ts";

/** What is asked, and what yes does. No does nothing. */
export interface Question {
  /** The question; the keys are told beside it. */
  readonly text: string;
  /** What happens then. */
  yes(): void;
}

/** What a key answers; undefined where it answers nothing. */
export function answerOf(key: Key): "yes" | "no" | undefined {
  const name = key.kind === "key" ? key.name : key.kind === "text" ? key.text.toLowerCase() : "";
  if (name === "enter" || name === "y") return "yes";
  if (name === "escape" || name === "n" || name === "ctrl+c" || name === "ctrl+d") return "no";
  return undefined;
}

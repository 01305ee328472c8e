/**
 * Keys of two strokes: Ctrl+X and another key.
 * @module
 */
import type { Key } from "../../terminal/key_decoder.ts";

const PREFIX = "ctrl+x";

/** The keys that a terminal makes signals of, where it is not in raw mode. */
const SIGNALS: readonly string[] = ["ctrl+c", "ctrl+z"];

/** Joins Ctrl+X with the key after it. */
export class KeyPrefix {
  #isPressed = false;

  /**
   * The key to handle, whose name is "ctrl+x ctrl+u" after Ctrl+X; undefined for Ctrl+X itself. Text
   * stays text, and Ctrl+C and Ctrl+Z stay what they are.
   */
  join(key: Key): Key | undefined {
    if (key.kind === "focus") return key;
    const isSecond = this.#isPressed;
    this.#isPressed = !isSecond && key.kind === "key" && key.name === PREFIX;
    if (this.#isPressed) return undefined;
    return isSecond && key.kind === "key" && !SIGNALS.includes(key.name)
      ? { kind: "key", name: `${PREFIX} ${key.name}` }
      : key;
  }
}

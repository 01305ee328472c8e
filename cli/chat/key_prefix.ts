/**
 * Keys of two strokes: Ctrl+X and another key.
 * @module
 */
import type { Key } from "../terminal/key_decoder.ts";

const PREFIX = "ctrl+x";

/** Joins Ctrl+X with the key after it. */
export class KeyPrefix {
  #isPressed = false;

  /**
   * The key to handle, whose name is "ctrl+x ctrl+u" after Ctrl+X; undefined for Ctrl+X itself. Text
   * stays text, and Ctrl+C stays Ctrl+C.
   */
  join(key: Key): Key | undefined {
    if (key.kind === "focus") return key;
    const isSecond = this.#isPressed;
    this.#isPressed = !isSecond && key.kind === "key" && key.name === PREFIX;
    if (this.#isPressed) return undefined;
    return isSecond && key.kind === "key" && key.name !== "ctrl+c"
      ? { kind: "key", name: `${PREFIX} ${key.name}` }
      : key;
  }
}

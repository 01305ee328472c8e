/**
 * Matches of regular expressions that may be slow: nothing else runs during one, so they take turns with
 * the rest of the process.
 * @module
 */
import type { Pattern } from "../../messages/pattern.ts";

/** From how long on a match counts as slow, in milliseconds. */
const SLOW = 5;

/** Runs matches one at a time. */
export class MatchQueue {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Whether `text` matches; false if `signal` has aborted by then.
   * @throws {CommandError} The match took too long.
   */
  test(pattern: Pattern, text: string, signal: AbortSignal): Promise<boolean> {
    const result = this.#last.then(async () => {
      const start = performance.now();
      try {
        return !signal.aborted && pattern.test(text);
      } finally {
        if (performance.now() - start > SLOW) {
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
    });
    this.#last = result.catch(() => {});
    return result;
  }
}

/**
 * A wait that can be cut short.
 * @module
 */
import type { Clock } from "../../context/clock.ts";

/** Wakes one loop: after a time, or when something has happened. */
export class Alarm {
  readonly #clock: Clock;
  #rung = false;
  #wake: (() => void) | undefined;

  /** Times are those of `clock`. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `delay` milliseconds, or once `ring` is called; at once if it was called before. */
  async wait(delay: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.schedule(resolve, delay);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#rung = false;
  }

  /** Ends the wait, or the next one. */
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }
}

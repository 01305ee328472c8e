/**
 * Limits how fast a bot sends messages.
 * @module
 */
import type { Clock } from "./clock.ts";
import { SlidingWindow } from "./sliding_window.ts";

/** How fast a bot may send messages. */
export interface SendRate {
  /** How many messages are sent within any `window`. */
  readonly limit: number;
  /** The length of the window in milliseconds. */
  readonly window: number;
}

/** Grants permission to send, in the order it was asked for. */
export class Pacer {
  readonly #clock: Clock;
  readonly #window: SlidingWindow;
  /** Resolves when everyone who asked so far has had a turn. */
  #tail: Promise<void> = Promise.resolve();

  /** `clock` times the waits. */
  constructor(rate: SendRate, clock: Clock) {
    this.#clock = clock;
    this.#window = new SlidingWindow(rate.limit, rate.window);
  }

  /** Resolves when the next message may be sent, or when `signal` aborts. */
  turn(signal: AbortSignal): Promise<void> {
    this.#tail = this.#tail.then(() => this.#wait(signal));
    return this.#tail;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const admission = this.#window.admit("", this.#clock.monotonic());
      if (admission.admitted) return;
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.schedule(end, admission.wait);
        signal.addEventListener("abort", end);
        function end(): void {
          cancel();
          signal.removeEventListener("abort", end);
          resolve();
        }
      });
    }
  }
}

/**
 * Keeps what a bot says within a rate.
 * @module
 */
import type { Clock } from "./clock.ts";
import { SlidingWindow } from "./sliding_window.ts";

/** How fast a bot may talk. */
export interface SendRate {
  /** How many messages are sent within any stretch of time as long as `window`. */
  readonly limit: number;
  /** The length of that time, milliseconds. */
  readonly window: number;
}

/** Gives every message its turn, in order. */
export class Pacer {
  readonly #clock: Clock;
  readonly #window: SlidingWindow;
  #line: Promise<void> = Promise.resolve();

  /** A pacer for one run. */
  constructor(rate: SendRate, clock: Clock) {
    this.#clock = clock;
    this.#window = new SlidingWindow(rate.limit, rate.window);
  }

  /** Resolves when the next message may be sent, or `signal` aborts. */
  turn(signal: AbortSignal): Promise<void> {
    this.#line = this.#line.then(() => this.#wait(signal));
    return this.#line;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const taking = this.#window.take("", this.#clock.monotonic());
      if (taking.taken) return;
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.schedule(end, taking.wait);
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

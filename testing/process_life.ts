/**
 * The lifetime of a simulated process, which can end at any moment, as with `kill -9`.
 * @module
 */
import type { VirtualClock } from "./virtual_clock.ts";

/**
 * Controls the effects of a process, that is, everything it does outside itself. JavaScript cannot
 * kill a running handler. One that outlives its process continues, but has no effects, and its
 * promises and timers never resolve.
 */
export class ProcessLife {
  readonly #clock: VirtualClock;
  readonly #onEnd: () => void;
  #effectsLeft = Infinity;
  #ended = false;

  /** `onEnd` is called once, at the end. */
  constructor(clock: VirtualClock, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** Whether the process has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Ends the process. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
  }

  /** Allows this many more effects; the process ends instead of the next one. */
  endAfter(effects: number): void {
    this.#effectsLeft = effects;
  }

  /** Requests an effect: returns whether it may happen. */
  takesEffect(): boolean {
    if (this.#ended) return false;
    if (this.#effectsLeft === 0) {
      this.end();
      return false;
    }
    this.#effectsLeft--;
    return true;
  }

  /** Resolves like `result`, unless the process has ended: then it never does. */
  async whileAlive<T>(result: Promise<T>): Promise<T> {
    const value = await result;
    return this.#ended ? await never() : value;
  }

  /** Sets a timer that does not fire after the process has ended. */
  schedule(callback: () => void, delay: number): () => void {
    return this.#clock.schedule(() => {
      if (!this.#ended) callback();
    }, delay);
  }
}

/** A promise that never settles. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

/**
 * The life of one process of a bot, which can end at any moment as by `kill -9`.
 * @module
 */
import type { VirtualClock } from "./virtual_clock.ts";

/**
 * What a process does outside itself, its effects, goes through here. JavaScript cannot kill a
 * handler: one that outlives its process goes on, but nothing that it does has an effect, and nothing
 * that it waits for comes.
 */
export class ProcessLife {
  readonly #clock: VirtualClock;
  readonly #ended: () => void;
  #effectsLeft = Infinity;
  #over = false;

  /** `ended` is called at the end. */
  constructor(clock: VirtualClock, ended: () => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  /** Whether it has ended. */
  get over(): boolean {
    return this.#over;
  }

  /** Ends it. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended();
  }

  /** Ends it in the place of the effect that comes after so many more. */
  endAfter(effects: number): void {
    this.#effectsLeft = effects;
  }

  /** Whether an effect takes place. */
  takesEffect(): boolean {
    if (this.#over) return false;
    if (this.#effectsLeft === 0) {
      this.end();
      return false;
    }
    this.#effectsLeft--;
    return true;
  }

  /** What `outcome` comes to, for the living. */
  async lived<T>(outcome: Promise<T>): Promise<T> {
    const value = await outcome;
    return this.#over ? await never() : value;
  }

  /** A timer that the process takes with it. */
  schedule(callback: () => void, delay: number): () => void {
    return this.#clock.schedule(() => {
      if (!this.#over) callback();
    }, delay);
  }
}

/** What the dead wait for. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

/**
 * The timers of a bot and its handlers, without those of its connection.
 * @module
 */
import type { Clock } from "../bot/mod.ts";
import type { ProcessLife } from "./process_life.ts";

/** Knows the timers that are set. */
export class BotTimers {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #life: ProcessLife;
  /** When each of them runs. */
  readonly #moments = new Map<symbol, number>();

  /** Timers that go with `life`. */
  constructor(clock: Pick<Clock, "monotonic">, life: ProcessLife) {
    this.#clock = clock;
    this.#life = life;
  }

  /** In how many milliseconds each of them runs, soonest first. */
  get delays(): readonly number[] {
    const now = this.#clock.monotonic();
    return [...this.#moments.values()].map((moment) => moment - now).sort((a, b) => a - b);
  }

  /** See `Clock`. */
  schedule(callback: () => void, delay: number): () => void {
    const timer = Symbol();
    this.#moments.set(timer, this.#clock.monotonic() + delay);
    const cancel = this.#life.schedule(() => {
      this.#moments.delete(timer);
      callback();
    }, delay);
    return () => {
      this.#moments.delete(timer);
      cancel();
    };
  }
}

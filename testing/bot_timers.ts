/**
 * Tracks the timers of a bot and its handlers, but not those of its connection.
 * @module
 */
import type { Clock } from "../bot/mod.ts";
import type { ProcessLife } from "./process_life.ts";

/** The pending timers of a bot. */
export class BotTimers {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #life: ProcessLife;
  /** When each timer fires. */
  readonly #times = new Map<symbol, number>();

  /** Timers that stop when `life` ends. */
  constructor(clock: Pick<Clock, "monotonic">, life: ProcessLife) {
    this.#clock = clock;
    this.#life = life;
  }

  /** The milliseconds until each timer fires, soonest first. */
  get delays(): readonly number[] {
    const now = this.#clock.monotonic();
    return [...this.#times.values()].map((time) => time - now).sort((a, b) => a - b);
  }

  /** See `Clock`. */
  schedule(callback: () => void, delay: number): () => void {
    const timer = Symbol();
    this.#times.set(timer, this.#clock.monotonic() + delay);
    const cancel = this.#life.schedule(() => {
      this.#times.delete(timer);
      callback();
    }, delay);
    return () => {
      this.#times.delete(timer);
      cancel();
    };
  }
}

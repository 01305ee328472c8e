/**
 * A clock that stands still until a test moves it on.
 * @module
 */
import type { Clock } from "../bot/mod.ts";

interface Timer {
  /** On the clock of `now`. */
  readonly at: number;
  readonly callback: () => void;
}

/** Time, and the timers that wait for it. Times are milliseconds. */
export class VirtualClock implements Clock {
  readonly #epoch: number;
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>();
  #now: number;

  /** What `time` and `now` give at first: milliseconds since 1970, and since whenever. */
  constructor(time: number, now = 0) {
    this.#epoch = time - now;
    this.#now = now;
  }

  /** How much time has gone by. */
  now(): number {
    return this.#now;
  }

  /** Milliseconds since 1970. */
  time(): number {
    return this.#epoch + this.#now;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Runs `callback` when so much time has gone by. */
  schedule(callback: () => void, delay: number): () => void {
    // As the timers of a machine: what is no number above 0 is at once.
    const timer = { at: this.#now + (delay > 0 ? delay : 0), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Resolves when all that waits for promises alone, and not for time, is done. */
  settled(): Promise<void> {
    return this.advance(0);
  }

  /** Moves time on: every timer runs at its moment, and what follows from it before the next. */
  async advance(duration: number): Promise<void> {
    const end = this.#now + duration;
    await settle();
    for (let due = this.#earliest(end); due !== undefined; due = this.#earliest(end)) {
      await this.#run(due);
    }
    this.#now = end;
  }

  /** Moves time on to the next timer, and runs it; false: there is none. */
  async advanceToNextTimer(): Promise<boolean> {
    await settle();
    const next = this.#earliest(Infinity);
    if (next !== undefined) await this.#run(next);
    return next !== undefined;
  }

  /** Time goes by and no timer runs, as for a machine that sleeps: they run late, at the next move. */
  freeze(duration: number): void {
    this.#now += duration;
  }

  async #run(timer: Timer): Promise<void> {
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.callback();
    await settle();
  }

  #earliest(end: number): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (earliest === undefined || timer.at < earliest.at)) earliest = timer;
    }
    return earliest;
  }
}

/** Resolves when every promise that can be settled by now is: they come before the next task. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * A clock that stands still until a test moves it on.
 * @module
 */
import type { Clock } from "../bot/mod.ts";

interface Timer {
  /** On the clock of `monotonic`. */
  readonly at: number;
  readonly callback: () => void;
}

/** Time, and the timers that wait for it. Times are milliseconds. */
export class VirtualClock implements Clock {
  readonly #epoch: number;
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>();
  #monotonic: number;

  /** What `now` and `monotonic` give at first. */
  constructor(now: number, monotonic = 0) {
    this.#epoch = now - monotonic;
    this.#monotonic = monotonic;
  }

  /** The time of day: milliseconds since 1970, UTC. */
  now(): number {
    return this.#epoch + this.#monotonic;
  }

  /** How much time has passed, milliseconds. */
  monotonic(): number {
    return this.#monotonic;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Runs `callback` when so much time has gone by. */
  schedule(callback: () => void, delay: number): () => void {
    // As the timers of a machine: what is no number above 0 is at once.
    const timer = { at: this.#monotonic + (delay > 0 ? delay : 0), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Resolves when all that waits for promises alone, and not for time, is done. */
  settled(): Promise<void> {
    return this.advance(0);
  }

  /** Moves time on: every timer runs at its moment, and what follows from it before the next. */
  async advance(duration: number): Promise<void> {
    const end = this.#monotonic + duration;
    await settle();
    for (let due = this.#earliest(end); due !== undefined; due = this.#earliest(end)) {
      await this.#run(due);
    }
    this.#monotonic = end;
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
    this.#monotonic += duration;
  }

  async #run(timer: Timer): Promise<void> {
    this.#timers.delete(timer);
    this.#monotonic = Math.max(this.#monotonic, timer.at);
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

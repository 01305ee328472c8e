/**
 * A clock that stops until a test advances it.
 * @module
 */
import type { Clock } from "../bot/mod.ts";

interface Timer {
  /** When it fires, in `monotonic` time. */
  readonly at: number;
  readonly callback: () => void;
}

/** A virtual clock and its timers. All times are milliseconds. */
export class VirtualClock implements Clock {
  /** The time of day when `monotonic` is 0. */
  #epoch: number;
  /** In the order they were set. */
  readonly #timers = new Set<Timer>();
  #monotonic: number;

  /** The initial values of `now` and `monotonic`. */
  constructor(now: number, monotonic = 0) {
    this.#epoch = now - monotonic;
    this.#monotonic = monotonic;
  }

  /** The time of day: milliseconds since 1970, UTC. */
  now(): number {
    return this.#epoch + this.#monotonic;
  }

  /** See `Clock`. */
  monotonic(): number {
    return this.#monotonic;
  }

  /** Sets the time of day, as an administrator or the network does: no time passes, no timer runs. */
  set(now: number): void {
    this.#epoch = now - this.#monotonic;
  }

  /** The number of pending timers. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Runs `callback` after `delay`; the returned function cancels it. */
  schedule(callback: () => void, delay: number): () => void {
    // Like setTimeout: anything that is not a number above 0 counts as 0.
    const timer = { at: this.#monotonic + (delay > 0 ? delay : 0), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Resolves when everything is done that waits only for promises, not for time. */
  settled(): Promise<void> {
    return this.advance(0);
  }

  /** Advances the time, fires each timer that is due, and settles its consequences before the next. */
  async advance(duration: number): Promise<void> {
    const end = this.#monotonic + duration;
    await settle();
    for (let due = this.#earliest(end); due !== undefined; due = this.#earliest(end)) {
      await this.#run(due);
    }
    this.#monotonic = end;
  }

  /** Advances to the next timer and fires it; returns false if there is none. */
  async advanceToNextTimer(): Promise<boolean> {
    await settle();
    const next = this.#earliest(Infinity);
    if (next !== undefined) await this.#run(next);
    return next !== undefined;
  }

  /** Advances the time without firing timers, as if the computer slept; they fire late. */
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

/** Resolves in the next task, after all promises that can settle by now. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

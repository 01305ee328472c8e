/**
 * A clock that stands still until a test moves it.
 * @module
 */

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time and timers under a test's control. Times are milliseconds. */
export class VirtualClock {
  /** Not 0, and not whole: code that takes either for granted fails. */
  #now = 1_000_000.5;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.length;
  }

  schedule(callback: () => void, delay: number): () => void {
    // As the host's timers do: a delay that is no number, or too small a one, is none.
    const timer = { at: this.#now + (delay > 0 ? delay : 0), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((entry) => entry !== timer);
    };
  }

  /** Moves time on, running each timer at its moment, and what follows from it before the next. */
  async advance(duration: number): Promise<void> {
    const end = this.#now + duration;
    await settle();
    for (let due = this.#earliest(end); due; due = this.#earliest(end)) {
      this.#timers = this.#timers.filter((entry) => entry !== due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
      await settle();
    }
    this.#now = end;
  }

  /** Moves time on to the next timer. */
  async advanceToNextTimer(): Promise<void> {
    await settle();
    const next = this.#earliest(Infinity);
    if (next === undefined) throw new Error("No timer is set.");
    await this.advance(Math.max(0, next.at - this.#now));
  }

  /** Time goes by and no timer runs, as for a stopped process: they run late, at the next advance. */
  freeze(duration: number): void {
    this.#now += duration;
  }

  #earliest(end: number): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (earliest === undefined || timer.at < earliest.at)) earliest = timer;
    }
    return earliest;
  }
}

/** Lets every promise that can be settled by now be settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Random numbers that a seed determines.
 * @module
 */

/** A stream of random numbers; the same seed and purpose give the same stream. */
export class Random {
  #state: number;

  /** `purpose` keeps streams apart, so that a change to one does not change the others. */
  constructor(seed: number, purpose: string) {
    let state = seed ^ 0x9e3779b9;
    for (const letter of purpose) state = Math.imul(state ^ letter.charCodeAt(0), 0x85ebca6b);
    this.#state = state;
  }

  /** A number in [0, 1): mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items. */
  pick<T>(items: readonly [T, ...T[]]): T {
    return items[Math.floor(this.next() * items.length)] ?? items[0];
  }
}

/**
 * How long to wait before a reconnection: exponential with full jitter.
 *
 * The wait grows with every attempt and starts again only after a connection that lasted, so that a
 * server which accepts and drops at once is not hammered.
 * @module
 */

/** A connection that lasted this long, in milliseconds, makes the next wait short again. */
export const STABLE_AFTER = 60_000;

/** No wait is longer than this, milliseconds, unless the first delay already is. */
const LONGEST_DELAY = 30_000;

/** The state of one client's backoff. */
export class Backoff {
  readonly #firstDelay: number;
  readonly #longest: number;
  readonly #random: () => number;
  #exponent = 0;

  /** `firstDelay` is the most that the first wait takes, milliseconds. */
  constructor(firstDelay: number, random: () => number) {
    this.#firstDelay = firstDelay;
    this.#longest = Math.max(firstDelay, LONGEST_DELAY);
    this.#random = random;
  }

  /** The next wait, milliseconds: anything from 0 to a bound that doubles every time. */
  next(): number {
    const bound = Math.min(this.#longest, this.#firstDelay * 2 ** this.#exponent);
    this.#exponent = Math.min(this.#exponent + 1, 32);
    return this.#random() * bound;
  }

  /** Tells how long the last connection held, milliseconds. */
  connectionHeld(duration: number): void {
    if (duration >= STABLE_AFTER) this.#exponent = 0;
  }
}

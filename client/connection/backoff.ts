/**
 * The delay before a reconnection: exponential backoff with full jitter.
 *
 * The delay grows with every attempt. Only a connection that lasted resets it, so that a server
 * which accepts connections and drops them at once is not hammered.
 * @module
 */

/** A connection that lasted this long resets the backoff, milliseconds. */
export const STABLE_AFTER = 60_000;

/** The longest delay, milliseconds, unless `firstDelay` is longer. */
const MAX_DELAY = 30_000;

/** The backoff of one client. */
export class Backoff {
  readonly #firstDelay: number;
  readonly #maxDelay: number;
  readonly #random: () => number;
  #exponent = 0;

  /** `firstDelay` is the upper bound of the first delay, `maxDelay` of all others, milliseconds. */
  constructor(firstDelay: number, random: () => number, maxDelay: number = MAX_DELAY) {
    this.#firstDelay = firstDelay;
    this.#maxDelay = Math.max(firstDelay, maxDelay);
    this.#random = random;
  }

  /** The next delay, milliseconds: random, from 0 to a bound that doubles every time. */
  next(): number {
    const bound = Math.min(this.#maxDelay, this.#firstDelay * 2 ** this.#exponent);
    this.#exponent = Math.min(this.#exponent + 1, 32);
    return this.#random() * bound;
  }

  /** Records how long the last connection lasted, milliseconds. */
  connectionLasted(duration: number): void {
    if (duration >= STABLE_AFTER) this.#exponent = 0;
  }
}

/**
 * The time that a bot lives by: that of the machine, or one that a test moves on.
 * @module
 */

/** A clock. Handlers and middleware that take their time from it can be tested without waiting. */
export interface Clock {
  /** The time of day: milliseconds since 1970, UTC. It jumps when the machine's clock is set. */
  now(): number;
  /** Milliseconds since some point in the past, which never go back: for measuring how long. */
  monotonic(): number;
  /** Runs `callback` once after `delay` milliseconds; the function that it returns cancels it. */
  schedule(callback: () => void, delay: number): () => void;
}

/**
 * The time that a bot lives by: that of the machine, or one that a test moves on.
 * @module
 */

/** A clock. Handlers and middleware that take their time from it can be tested without waiting. */
export interface Clock {
  /** Milliseconds that never go back, from some point in the past: for measuring. */
  now(): number;
  /** Milliseconds since 1970, UTC, as the machine knows them: they jump when it is set. */
  time(): number;
  /** Runs `callback` once after `delay` milliseconds; the function that it returns cancels it. */
  schedule(callback: () => void, delay: number): () => void;
}

/**
 * The clock that a bot runs by: the system's, or one that a test advances.
 * @module
 */

/** A clock. Handlers and middleware that use it can be tested without waiting. */
export interface Clock {
  /** The time of day: milliseconds since 1970, UTC. It jumps when the system clock is set. */
  now(): number;
  /** Milliseconds from an arbitrary starting point; never goes backwards. For measuring durations. */
  monotonic(): number;
  /** Runs `callback` once after `delay` milliseconds; the returned function cancels it. */
  schedule(callback: () => void, delay: number): () => void;
}

/** Waits for `task`, if there is one, for `limit` milliseconds at most. */
export async function atMost(
  limit: number,
  task: Promise<unknown> | undefined,
  clock: Clock,
): Promise<void> {
  const { promise: timeIsUp, resolve } = Promise.withResolvers<void>();
  const cancel = clock.schedule(resolve, limit);
  try {
    await Promise.race([task, timeIsUp]);
  } finally {
    cancel();
  }
}

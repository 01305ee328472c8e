/**
 * A bound on what a test waits for: what never comes is a failing test, not a hanging one.
 * @module
 */

/** The promise's value, if it comes within `limit` milliseconds. */
export async function within<T>(limit: number, what: string, promise: Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const fail = () => reject(new Error(`Waited ${limit} ms in vain for ${what}.`));
  const timer = setTimeout(fail, limit);
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

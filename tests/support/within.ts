/**
 * Puts a time limit on what a test waits for, so that the test fails instead of hanging.
 * @module
 */

/** The promise's value. @throws If it does not settle within `limit` milliseconds. */
export async function within<T>(limit: number, what: string, promise: Promise<T>): Promise<T> {
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const fail = () => reject(new Error(`Timed out after ${limit} ms waiting for ${what}.`));
  const timer = setTimeout(fail, limit);
  try {
    return await Promise.race([promise, timedOut]);
  } finally {
    clearTimeout(timer);
  }
}

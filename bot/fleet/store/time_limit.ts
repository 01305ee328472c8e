/**
 * A time limit for calls that cannot be cancelled.
 * @module
 */
import type { Clock } from "../../context/clock.ts";
import { StorageError } from "../../storage/storage.ts";

/**
 * Waits for a call to the store for `limit` milliseconds. It may still be carried out afterwards.
 * @throws {StorageError} It did not end in time.
 */
export async function inTime<T>(call: Promise<T>, limit: number, clock: Clock): Promise<T> {
  const { promise: timeIsUp, reject } = Promise.withResolvers<never>();
  const cancel = clock.schedule(
    () => reject(new StorageError(`The store did not answer within ${Math.round(limit)} ms.`)),
    limit,
  );
  try {
    return await Promise.race([call, timeIsUp]);
  } finally {
    cancel();
  }
}

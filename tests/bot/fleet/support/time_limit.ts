/**
 * The time limit that a `FleetStore` has to keep, for one that a test has made slow.
 * @module
 */
import type { FleetStore } from "../../../../bot/fleet/store/fleet_store.ts";
import { type Clock, StorageError } from "../../../../bot/mod.ts";

/** A store whose calls fail after `limit` milliseconds; they may still be carried out afterwards. */
export function withTimeLimit(
  { maxChecks, ...store }: FleetStore,
  limit: number,
  clock: Pick<Clock, "schedule">,
): FleetStore {
  const inTime = async <T>(call: Promise<T>): Promise<T> => {
    const { promise: timeIsUp, reject } = Promise.withResolvers<never>();
    const cancel = clock.schedule(() => reject(new StorageError("too slow")), limit);
    try {
      return await Promise.race([call, timeIsUp]);
    } finally {
      cancel();
    }
  };
  return {
    maxChecks,
    get: (keys) => inTime(store.get(keys)),
    list: (prefix, limit) => inTime(store.list(prefix, limit)),
    commit: (commit) => inTime(store.commit(commit)),
  };
}

/**
 * How many connections this process can have open.
 * @module
 */

/** For the database, the log, and what handlers open. */
const RESERVE = 256;

/**
 * How many accounts the limit of open files leaves space for; undefined if it cannot be read, as on
 * systems other than Linux, or without the permission. Each connection is one file. Deno itself raises the
 * limit as far as it may.
 */
export function spaceForConnections(limits: string | undefined): number | undefined {
  const limit = /^Max open files\s+(\d+)/m.exec(limits ?? "")?.[1];
  return limit === undefined ? undefined : Math.max(0, Number(limit) - RESERVE);
}

/** What the system says of this process's limits; undefined if it says nothing. */
export function readLimits(): string | undefined {
  try {
    return Deno.readTextFileSync("/proc/self/limits");
  } catch {
    return undefined; // Not Linux, or not allowed: the limit is found out when it is reached.
  }
}

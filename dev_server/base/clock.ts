/**
 * The server's clock, and timestamps in the server's format.
 * @module
 */

/** Milliseconds since 1970-01-01 UTC, with microseconds as the fraction. */
export type Clock = () => number;

/** The system clock, with microseconds where the runtime has them: Node.js does from version 26 on. */
export function systemClock(): number {
  if (typeof Temporal === "undefined") return Date.now();
  return Number(Temporal.Now.instant().epochNanoseconds) / 1_000_000;
}

/**
 * Formats a time like Python's `datetime.isoformat()` in UTC: `2026-11-22T10:00:00.123456+00:00`,
 * without the fraction if it is zero.
 */
export function isoformat(milliseconds: number): string {
  const microseconds = Math.round(milliseconds * 1000);
  const seconds = Math.floor(microseconds / 1_000_000);
  const fraction = microseconds - seconds * 1_000_000;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return fraction === 0 ? `${whole}+00:00` : `${whole}.${String(fraction).padStart(6, "0")}+00:00`;
}

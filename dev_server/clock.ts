/**
 * Time as the server sees and writes it.
 * @module
 */

/** Milliseconds since 1970-01-01 UTC; a fraction carries the microseconds. */
export type Clock = () => number;

/** The machine's clock, with microseconds. */
export function systemClock(): number {
  return Number(Temporal.Now.instant().epochNanoseconds) / 1_000_000;
}

/**
 * Writes a time as Python's `datetime.isoformat()` does in UTC: `2026-11-22T10:00:00.123456+00:00`,
 * and without a fraction where the microseconds are zero.
 */
export function isoformat(milliseconds: number): string {
  const microseconds = Math.round(milliseconds * 1000);
  const seconds = Math.floor(microseconds / 1_000_000);
  const fraction = microseconds - seconds * 1_000_000;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return fraction === 0 ? `${whole}+00:00` : `${whole}.${String(fraction).padStart(6, "0")}+00:00`;
}

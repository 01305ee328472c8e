/**
 * When a session ends, as text.
 * @module
 */

/** `expires 2026-03-14`, `expired 2026-03-14` or `expiry unknown`; `time` is in milliseconds since 1970. */
export function expiryText(time: number | undefined): string {
  if (time === undefined) return "expiry unknown";
  const day = new Date(time).toISOString().slice(0, 10);
  return `${time > Date.now() ? "expires" : "expired"} ${day}`;
}

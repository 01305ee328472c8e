/**
 * Checks JSON values from clients.
 * @module
 */

/** Whether a value is a plain object (a `dict` in Python), not an array or binary data. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

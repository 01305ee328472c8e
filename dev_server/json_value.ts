/**
 * Tells what kind of JSON value came from outside.
 * @module
 */

/** Whether a value is what Python calls a `dict`: a plain object, no array, no binary data. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * Values as JSON text that gives the same value back: what JSON would drop or change is refused.
 * @module
 */
import { StorageError } from "./storage.ts";

/**
 * The JSON text of a value; `name` is what messages call it.
 * @throws {StorageError} It holds what JSON would not give back.
 */
export function jsonText(value: unknown, name: string): string {
  try {
    check(value, name, new Set());
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StorageError(`${name} is nested too deeply to be kept.`, { cause: error });
  }
}

/** Whether a value of JSON is an object, not an array and not null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `around` are the objects that hold the value. */
function check(value: unknown, path: string, around: Set<object>): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw refused(path, String(value));
    return;
  }
  if (typeof value !== "object") {
    throw refused(path, value === undefined ? "undefined" : `a ${typeof value}`);
  }
  if (around.has(value)) throw refused(path, "something that holds itself");
  around.add(value);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      check(value[index], `${path}[${index}]`, around);
    }
  } else {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) {
      throw refused(path, `a ${value.constructor.name}`);
    }
    for (const [key, part] of Object.entries(value)) {
      // A property that is undefined and one that is absent read the same.
      if (part !== undefined) check(part, `${path}.${key}`, around);
    }
  }
  around.delete(value);
}

function refused(path: string, what: string): StorageError {
  return new StorageError(
    `${path} is ${what}, which cannot be kept: use texts, finite numbers, booleans, null, and arrays ` +
      "and plain objects of them. (A Date is kept as its toISOString(), a Map as an array.)",
  );
}

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
    const flaw = findFlaw(value, []);
    if (flaw === undefined) return JSON.stringify(value);
    throw new StorageError(
      `${name}${flaw.path} is ${flaw.what}, which cannot be kept: use texts, finite numbers, ` +
        "booleans, null, and arrays and plain objects of them. (A Date is kept as its toISOString(), " +
        "a Map as an array.)",
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StorageError(`${name} is nested too deeply to be kept.`, { cause: error });
  }
}

/** Whether a value of JSON is an object, not an array and not null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What JSON would drop or change, and where it is. */
interface Flaw {
  readonly path: string;
  readonly what: string;
}

/** The first flaw of a value; `around` are the objects that hold the value. */
function findFlaw(value: unknown, around: object[]): Flaw | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : { path: "", what: String(value) };
  }
  const isArray = Array.isArray(value);
  if (!isArray && !isRecord(value)) {
    return { path: "", what: value === undefined ? "undefined" : `a ${typeof value}` };
  }
  if (around.includes(value)) return { path: "", what: "something that holds itself" };
  around.push(value);
  const flaw = isArray ? flawOfArray(value, around) : flawOfObject(value, around);
  around.pop();
  return flaw;
}

function flawOfArray(array: readonly unknown[], around: object[]): Flaw | undefined {
  for (let index = 0; index < array.length; index++) {
    const flaw = findFlaw(array[index], around);
    if (flaw !== undefined) return { ...flaw, path: `[${index}]${flaw.path}` };
  }
  return undefined;
}

function flawOfObject(object: Record<string, unknown>, around: object[]): Flaw | undefined {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype) {
    return { path: "", what: `a ${object.constructor.name}` };
  }
  for (const key of Object.keys(object)) {
    const part = object[key];
    // A property that is undefined and one that is absent read the same.
    const flaw = part === undefined ? undefined : findFlaw(part, around);
    if (flaw !== undefined) return { ...flaw, path: `.${key}${flaw.path}` };
  }
  return undefined;
}

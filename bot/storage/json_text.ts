/**
 * JSON text that parses back to an equal value: what JSON would drop or change is rejected.
 * @module
 */
import { isJsonObject, type JsonObject } from "../../client/base/json.ts";
import { StorageError } from "./storage.ts";

/**
 * The JSON text of a value; error messages refer to the value as `name`.
 * @throws {StorageError} The value would not survive a round trip through JSON.
 */
export function jsonText(value: unknown, name: string): string {
  try {
    const flaw = findFlaw(value, undefined);
    if (flaw === undefined) return JSON.stringify(value);
    throw new StorageError(
      `${name}${flaw.path} is ${flaw.what}, which cannot be stored. Use strings, finite numbers, ` +
        "booleans, null, and arrays and plain objects of these. (Store a Date as its toISOString(), " +
        "a Map as an array.)",
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StorageError(`${name} is nested too deeply to be stored.`, { cause: error });
  }
}

/** A value that JSON would drop or change, and its path. */
interface Flaw {
  readonly path: string;
  readonly what: string;
}

/** An object and those that contain it, innermost first. */
interface Ancestors {
  readonly object: object;
  readonly outer: Ancestors | undefined;
}

/** The first flaw in a value; `ancestors` are the objects that contain it. */
function findFlaw(value: unknown, ancestors: Ancestors | undefined): Flaw | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : { path: "", what: String(value) };
  }
  const isArray = Array.isArray(value);
  if (!isArray && !isJsonObject(value)) {
    return { path: "", what: value === undefined ? "undefined" : `a ${typeof value}` };
  }
  for (let around = ancestors; around !== undefined; around = around.outer) {
    if (around.object === value) return { path: "", what: "a circular reference" };
  }
  const inner = { object: value, outer: ancestors };
  return isArray ? flawInArray(value, inner) : flawInObject(value, inner);
}

function flawInArray(array: readonly unknown[], ancestors: Ancestors): Flaw | undefined {
  for (let index = 0; index < array.length; index++) {
    const flaw = findFlaw(array[index], ancestors);
    if (flaw !== undefined) return { ...flaw, path: `[${index}]${flaw.path}` };
  }
  return undefined;
}

function flawInObject(object: JsonObject, ancestors: Ancestors): Flaw | undefined {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype) {
    return { path: "", what: `a ${object.constructor.name}` };
  }
  for (const key of Object.keys(object)) {
    const part = object[key];
    // JSON drops undefined properties, but reading an absent property gives undefined as well.
    const flaw = part === undefined ? undefined : findFlaw(part, ancestors);
    if (flaw !== undefined) return { ...flaw, path: `.${key}${flaw.path}` };
  }
  return undefined;
}

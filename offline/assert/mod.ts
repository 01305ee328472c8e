/**
 * A stand-in for `@std/assert`, built on node:assert. It has only what this repository's tests use.
 * @module
 */
import { AssertionError as NodeAssertionError, deepStrictEqual } from "node:assert";
import { inspect } from "node:util";

// deno-lint-ignore no-explicit-any -- the constructor type of the real package
type Constructor<T> = abstract new (...args: any[]) => T;

export class AssertionError extends Error {
  override name = "AssertionError";
}

export function fail(msg?: string): never {
  throw new AssertionError(msg ? `Failed assertion: ${msg}` : "Failed assertion");
}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    if (!(error instanceof NodeAssertionError)) throw error;
    throw new AssertionError(`Values are not equal${msg ? `: ${msg}` : ""}\n${error.message}`);
  }
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    if (!(error instanceof NodeAssertionError)) throw error;
    return;
  }
  throw new AssertionError(`Expected other than ${inspect(actual)}${msg ? `: ${msg}` : ""}`);
}

export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const values = `${inspect(actual)} is not ${inspect(expected)}`;
  throw new AssertionError(`Values are not strictly equal${msg ? `: ${msg}` : ""}\n${values}`);
}

export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(`Expected a value, got ${actual}${msg ? `: ${msg}` : ""}`);
}

export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected to match ${expected}${msg ? `: ${msg}` : ""}\n${inspect(actual)}`,
  );
}

export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(
    `Expected not to match ${expected}${msg ? `: ${msg}` : ""}\n${inspect(actual)}`,
  );
}

export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected to contain ${inspect(expected)}${msg ? `: ${msg}` : ""}\n${inspect(actual)}`,
  );
}

export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: Constructor<T>,
  msg?: string,
): asserts actual is T {
  if (actual instanceof expectedType) return;
  throw new AssertionError(
    `Expected an instance of ${expectedType.name}${msg ? `: ${msg}` : ""}\n${inspect(actual)}`,
  );
}

export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass: Constructor<E>,
  msgIncludes?: string,
  msg?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, errorClass, msgIncludes, msg);
  }
  throw new AssertionError(`Expected function to throw${msg ? `: ${msg}` : ""}`);
}

export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: Constructor<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, errorClass, msgIncludes, msg);
  }
  throw new AssertionError(`Expected function to reject${msg ? `: ${msg}` : ""}`);
}

function checkError<E extends Error>(
  error: unknown,
  errorClass: Constructor<E>,
  msgIncludes = "",
  msg?: string,
): E {
  assertInstanceOf(error, errorClass, msg);
  assertStringIncludes(error.message, msgIncludes, msg);
  return error;
}

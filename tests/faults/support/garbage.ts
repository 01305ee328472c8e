/**
 * Runs the garbage collector, so that the memory in use can be measured.
 * @module
 */

/** Needs `--v8-flags=--expose-gc`. */
export function collectGarbage(): void {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") {
    throw new Error("Run this script with --v8-flags=--expose-gc.");
  }
  collect();
}

/**
 * Assertions about types: what does not hold does not compile.
 * @module
 */

/** Whether two types are the same; `any` is the same as nothing but itself. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2)
  ? true
  : false;

/** Compiles when `T` is `true`. */
export function holds<T extends true>(..._: T[]): void {}

/** Compiles when the value's type is the same as `T`. */
export function typed<T>(): <V>(value: Same<V, T> extends true ? V : never) => void {
  return () => {};
}

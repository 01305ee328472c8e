/**
 * Assertions about types, checked by the compiler.
 * @module
 */

/** Whether two types are identical; `any` is identical only to itself. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2)
  ? true
  : false;

/** Compiles only if `T` is `true`. */
export function holds<T extends true>(..._: T[]): void {}

/** Compiles only if the value's type is identical to `T`. */
export function typed<T>(): <V>(value: Same<V, T> extends true ? V : never) => void {
  return () => {};
}

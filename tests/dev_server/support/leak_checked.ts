/**
 * Registers tests that must not leave anything open. Deno's sanitizers are off by default here.
 * @module
 */

/** `Deno.test` that fails if it leaks an operation, timer, listener or socket. */
export function leakChecked(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: true, sanitizeResources: true });
}

/**
 * Registers tests that must leave nothing open. Deno's sanitizers are off unless a test asks.
 * @module
 */

/** `Deno.test` that fails when an operation, timer, listener or socket is left over. */
export function leakChecked(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: true, sanitizeResources: true });
}

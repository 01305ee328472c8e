/**
 * Imports what few calls need.
 * @module
 */

/**
 * Imports the module at `url`, of which Deno knows nothing before: what an `import()` names in so
 * many words is read, with all that it imports, before anything runs. A binary must include it, see
 * tools/compile.ts.
 *
 * @typeParam T The module: `typeof import("./module.ts")`.
 */
export async function importLater<T>(url: URL): Promise<T> {
  return await import(url.href);
}

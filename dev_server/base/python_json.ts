/**
 * JSON as Python's `json` module writes it, in ASCII only.
 * @module
 */

/** Python's `json.dumps(value, separators=(",", ":"))`, byte for byte. */
export function dumps(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same with `sort_keys=True`. */
export function dumpsSorted(value: unknown): string {
  return dumps(withSortedKeys(value));
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) =>
    [key, withSortedKeys(inner)] as const
  );
  return Object.fromEntries(entries.toSorted(([a], [b]) => a < b ? -1 : 1));
}

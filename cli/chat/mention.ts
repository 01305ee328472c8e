/**
 * Detects mentions of the user.
 * @module
 */

/** Whether `content` contains `name` as whole words, ignoring case. */
export function mentions(content: string, name: string | null): boolean {
  if (name === null) return false;
  const text = content.toLowerCase();
  const wanted = name.toLowerCase();
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text.slice(0, at);
    const after = text.slice(at + wanted.length);
    if (!/[\p{L}\p{N}_]$/u.test(before) && !/^[\p{L}\p{N}_]/u.test(after)) return true;
  }
  return false;
}

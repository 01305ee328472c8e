/**
 * Detects mentions of the user.
 * @module
 */

/**
 * Whether `content` contains `name` as whole words, ignoring case. A name that nobody chose may be an
 * ordinary word (`server`, `build`), so `onlyWithAt` asks for `@` before it.
 */
export function mentions(content: string, name: string | null, onlyWithAt = false): boolean {
  if (name === null) return false;
  const text = content.toLowerCase();
  const wanted = name.toLowerCase();
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text.slice(0, at);
    const after = text.slice(at + wanted.length);
    if (onlyWithAt && !/(^|[^\p{L}\p{N}_])@$/u.test(before)) continue;
    if (!/[\p{L}\p{N}_]$/u.test(before) && !/^[\p{L}\p{N}_]/u.test(after)) return true;
  }
  return false;
}

/**
 * A reference implementation, as simple as possible, of what Python does to a message's text.
 * @module
 */

/** Every code point for which Python 3.11's `str.isspace` is true. */
export const PYTHON_SPACES: readonly number[] = [
  ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680],
  ...[0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a],
  ...[0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
];

/** What the server makes of a message before it cuts it: `html.escape(content.strip())`. */
export function escapeAsPython(content: string): string {
  return stripAsPython(content)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#x27;");
}

/** `content.strip()`. */
export function stripAsPython(content: string): string {
  const points = Array.from(content);
  while (points.length > 0 && isPythonSpace(points.at(0))) points.shift();
  while (points.length > 0 && isPythonSpace(points.at(-1))) points.pop();
  return points.join("");
}

/** `len(text)`: code points, not UTF-16 units. */
export function pythonLength(text: string): number {
  return Array.from(text).length;
}

function isPythonSpace(char: string | undefined): boolean {
  return PYTHON_SPACES.includes(char?.codePointAt(0) ?? -1);
}

/**
 * Character classes that are tested at every position of a line, without allocating for each.
 * @module
 */

/**
 * Whether a UTF-16 code unit is white space: as in JavaScript's `\s`, but for U+FEFF, which is
 * invisible and separates nothing. NaN is not white space.
 */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0xa0) return false;
  return code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f ||
    code === 0x3000;
}

/** Whether the character at `index` is a letter or digit of any script; false past the end. */
export function isLetterOrDigit(text: string, index: number): boolean {
  const codePoint = text.codePointAt(index);
  if (codePoint === undefined) return false;
  if (codePoint > 0x7e) return /^[\p{L}\p{N}]/u.test(String.fromCodePoint(codePoint));
  const lowerCase = codePoint | 0x20;
  return (lowerCase >= 0x61 && lowerCase <= 0x7a) || (codePoint >= 0x30 && codePoint <= 0x39);
}

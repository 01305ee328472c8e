/**
 * A stand-in for `@std/cli/unicode-width`, built on string-width.
 * @module
 */
import stringWidth from "string-width";

export function unicodeWidth(str: string): number {
  return stringWidth(str, { countAnsiEscapeCodes: true });
}

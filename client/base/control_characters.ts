/**
 * Characters in untrusted text that can control a terminal, break a line, or change the direction of
 * the text around them.
 * @module
 */

/**
 * Control characters (C0, DEL, C1), bidirectional controls, and Unicode's line and paragraph
 * separators. Zero-width joiners are not included, because emoji need them.
 *
 * It is global: use it with `replace`, not with `test`.
 */
export const CONTROL_CHARACTERS: RegExp = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

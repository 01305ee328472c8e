/**
 * Inline code on narrow screens.
 * @module
 */

/** What fits into a line on a phone. */
const NARROW = 32;

/**
 * Keeps words with hyphens, such as `--allow-net`, on one line: browsers break them after each hyphen.
 * @param code Escaped HTML.
 */
export function nowrapFlags(code: string): string {
  return code.replace(
    /\S*-\S*/g,
    (word) => word.length > NARROW ? word : `<span class="nowrap">${word}</span>`,
  );
}

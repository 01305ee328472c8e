/**
 * Quotes words of commands that the user may paste into a shell.
 * @module
 */

/** `text` quoted as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

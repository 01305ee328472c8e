/**
 * Commands that the user may paste into a shell.
 * @module
 */

/** A word of a POSIX shell's command line that means `text` and nothing else. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

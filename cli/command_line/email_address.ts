/**
 * Email addresses on the command line.
 * @module
 */

/** Whether it looks like an email address; the server has the last word. */
export function isEmailAddress(text: string): boolean {
  return /^[^\s@/]+@[^\s@/]+$/.test(text.trim());
}

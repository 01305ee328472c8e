/**
 * Leaves secrets out of what is shown.
 * @module
 */

/** What stands in a secret's place. */
export const REDACTED = "[redacted]";

/** A URL without its password, which is refused where it is used, but may be shown before. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/.*@/, `//${REDACTED}@`);
}

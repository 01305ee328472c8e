/**
 * Removes secrets from displayed text.
 * @module
 */

/** Shown in place of a secret. */
export const REDACTED = "[redacted]";

/** The URL without its credentials. Such URLs are rejected when used, but may be displayed before. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/.*@/, `//${REDACTED}@`);
}

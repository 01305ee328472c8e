/**
 * Normalizes and validates email addresses like the server.
 * @module
 */
import { codePointCount, strip } from "../base/python_text.ts";

/** Lowercases and trims an address, the form in which the server compares and stores it. */
export function normalizeEmail(email: string): string {
  return strip(email.toLowerCase());
}

/** Whether the server accepts a normalized address. */
export function isValidEmail(email: string): boolean {
  const [local = ""] = email.split("@");
  return /^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/.test(email) &&
    codePointCount(email) <= 255 && local.length <= 64;
}

/**
 * Email addresses as the server reads them.
 * @module
 */
import { codePointCount, strip } from "./python_text.ts";

/** The form in which an address is compared and stored: lower case, without outer whitespace. */
export function normalizeEmail(email: string): string {
  return strip(email.toLowerCase());
}

/** Whether a normalized address has the form that the server accepts. */
export function isValidEmail(email: string): boolean {
  const [local = ""] = email.split("@");
  return /^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/.test(email) &&
    codePointCount(email) <= 255 && local.length <= 64;
}

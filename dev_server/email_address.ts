/**
 * Email addresses: how the server reads them, and who may log in.
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

/** The addresses that may use the server. It is asked on every request and every connection. */
export class AllowList {
  #emails: ReadonlySet<string> | "*";

  constructor(emails: readonly string[] | "*") {
    this.#emails = normalized(emails);
  }

  /** Puts another list in place of this one. Open connections stay, as on the real server. */
  replace(emails: readonly string[] | "*"): void {
    this.#emails = normalized(emails);
  }

  allows(email: string): boolean {
    return this.#emails === "*" || this.#emails.has(normalizeEmail(email));
  }
}

function normalized(emails: readonly string[] | "*"): ReadonlySet<string> | "*" {
  return emails === "*" ? "*" : new Set(emails.map(normalizeEmail));
}

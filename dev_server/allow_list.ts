/**
 * Who may use the server.
 * @module
 */
import { normalizeEmail } from "./email_address.ts";

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

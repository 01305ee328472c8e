/**
 * The email addresses that may use the server.
 * @module
 */
import { normalizeEmail } from "./email_address.ts";

/** The allowed addresses, checked on every request and every new connection. */
export class AllowList {
  #emails: ReadonlySet<string> | "*";

  constructor(emails: readonly string[] | "*") {
    this.#emails = normalized(emails);
  }

  /** Replaces the list. Open connections stay, as on the real server. */
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

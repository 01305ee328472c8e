/**
 * Collects the magic links of a test server.
 * @module
 */
import { within } from "../../support/within.ts";

/** Longer than a link ever takes, milliseconds. Reached only if none was sent. */
const PATIENCE = 5_000;

/** The tokens that were sent, by email address. */
export class Mailbox {
  readonly #tokens = new Map<string, string[]>();
  readonly #waiting = new Map<string, (token: string) => void>();

  deliver(email: string, token: string): void {
    const waiting = this.#waiting.get(email);
    this.#waiting.delete(email);
    if (waiting !== undefined) waiting(token);
    else this.#tokens.set(email, [...this.#tokens.get(email) ?? [], token]);
  }

  /** Takes the oldest token to this address, waiting for it if necessary. */
  take(email: string): Promise<string> {
    const token = this.#tokens.get(email)?.shift();
    if (token !== undefined) return Promise.resolve(token);
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.set(email, resolve);
    return within(PATIENCE, `a magic link to ${email}`, promise);
  }
}

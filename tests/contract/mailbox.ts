/**
 * Where the magic links of a test server arrive.
 * @module
 */

/** Longer than a link ever takes: reached only when none was sent. */
const PATIENCE = 5_000;

/** The tokens that were sent, by address. */
export class Mailbox {
  readonly #tokens = new Map<string, string[]>();
  readonly #waiting = new Map<string, (token: string) => void>();

  deliver(email: string, token: string): void {
    const waiting = this.#waiting.get(email);
    this.#waiting.delete(email);
    if (waiting !== undefined) waiting(token);
    else this.#tokens.set(email, [...this.#tokens.get(email) ?? [], token]);
  }

  /** The oldest token to this address that was not taken yet; waits a moment for it. */
  take(email: string): Promise<string> {
    const token = this.#tokens.get(email)?.shift();
    if (token !== undefined) return Promise.resolve(token);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(email);
        reject(new Error(`No magic link was sent to ${email}.`));
      }, PATIENCE);
      this.#waiting.set(email, (token) => {
        clearTimeout(timer);
        resolve(token);
      });
    });
  }
}

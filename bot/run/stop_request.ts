/**
 * The request to stop a running bot, which comes once and for all.
 * @module
 */

/**
 * Whether a bot is to stop. It is an `AbortSignal` for what needs one; that is made on demand, because a
 * signal with a listener takes a kilobyte, and a process may run thousands of bots.
 */
export class StopRequest {
  #reason: DOMException | undefined;
  #controller: AbortController | undefined;
  readonly #requested = Promise.withResolvers<void>();

  /** Whether the bot is to stop. */
  get made(): boolean {
    return this.#reason !== undefined;
  }

  /** Why; undefined before the request. */
  get reason(): DOMException | undefined {
    return this.#reason;
  }

  /** Resolves when the bot is to stop. */
  get requested(): Promise<void> {
    return this.#requested.promise;
  }

  /** Aborts when the bot is to stop. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Makes the request; only the first one counts. */
  make(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = new DOMException(reason, "AbortError");
    this.#controller?.abort(this.#reason);
    this.#requested.resolve();
  }
}

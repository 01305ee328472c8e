/**
 * Something in progress that can be aborted, such as a connect.
 * @module
 */

/**
 * Does what an `AbortController` does. It creates the `AbortSignal` only when something asks for it:
 * most connects call nothing that takes one, and controllers, combined signals and their listeners
 * were half of what connecting allocated.
 */
export class Operation {
  #aborted = false;
  #reason: unknown;
  #listeners: Set<(reason: unknown) => void> | undefined;
  #controller: AbortController | undefined;

  /** Whether the operation was aborted. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** For functions of the platform. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Throws the reason if the operation was aborted. */
  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  /**
   * Calls `listener` when the operation is aborted, or immediately if it already was; the returned
   * function removes it.
   */
  onAbort(listener: (reason: unknown) => void): () => void {
    if (this.#aborted) {
      listener(this.#reason);
      return () => {};
    }
    const listeners = this.#listeners ??= new Set();
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Aborts the operation, once. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of this.#listeners ?? []) listener(reason);
  }
}

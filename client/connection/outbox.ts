/**
 * The order in which messages go out: nothing gets between the parts of one text.
 * @module
 */

/** The outbound line. A text of several parts holds it; a single message passes while it is free. */
export class Outbox {
  #held = false;
  /** In the order of their calls; made when the first call waits. Empty unless the line is held. */
  #waiting: Set<() => void> | undefined;

  /** Whether a message may pass at once. */
  get free(): boolean {
    return !this.#held;
  }

  /**
   * Calls `write`, which must write before it returns, as soon as nothing holds the line. If `signal`
   * aborts first, `write` is called at once: it must check the signal, and write nothing.
   */
  pass<T>(write: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#held ? this.#wait(write, write, signal) : write();
  }

  /**
   * Calls `task` as soon as nothing holds the line, and holds it until the promise settles. If
   * `signal` aborts first, `task` is called at once: it must check the signal, and write nothing.
   */
  hold<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const holding = async () => {
      this.#held = true;
      try {
        return await task();
      } finally {
        this.#release();
      }
    };
    return this.#held ? this.#wait(holding, task, signal) : holding();
  }

  #wait<T>(
    run: () => Promise<T>,
    runAborted: () => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const start = (task: () => Promise<T>) => {
      this.#waiting?.delete(next);
      signal?.removeEventListener("abort", abort);
      try {
        resolve(task());
      } catch (error) {
        reject(error);
      }
    };
    const next = () => start(run);
    const abort = () => start(runAborted);
    this.#waiting ??= new Set();
    this.#waiting.add(next);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    return promise;
  }

  /** Lets pass what waits, up to the next text that holds the line. */
  #release(): void {
    this.#held = false;
    for (const next of this.#waiting ?? []) {
      next();
      if (this.#held) return;
    }
  }
}

/**
 * Something in progress that can be aborted, such as a connect, and the limit of its time. Both are in
 * one file because each file makes the import of the client slower.
 * @module
 */
import { ConnectionError } from "./errors.ts";
import type { Platform } from "./platform.ts";

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

  /** Calls `listener` when the operation is aborted, or immediately if it already was. */
  onAbort(listener: (reason: unknown) => void): void {
    if (this.#aborted) listener(this.#reason);
    else (this.#listeners ??= new Set()).add(listener);
  }

  /** Removes a listener. */
  offAbort(listener: (reason: unknown) => void): void {
    this.#listeners?.delete(listener);
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

/** The settings that a time limit needs. */
export interface TimeLimits {
  readonly platform: Platform;
  /** Milliseconds. */
  readonly connectionTimeout: number;
}

/** Limits operations to the connection timeout of one client. */
export class TimeLimit {
  readonly #limits: TimeLimits;
  readonly #server: string;

  /** `server` is the URL for the error message. */
  constructor(limits: TimeLimits, server: string) {
    this.#limits = limits;
    this.#server = server;
  }

  /**
   * Runs `task` as an operation that is aborted when the time is up, or together with `parent`. The
   * promise then rejects at once, even if the task ignores it.
   * @throws {ConnectionError} The time is up; or the reason for which `parent` was aborted.
   */
  run<T>(task: (operation: Operation) => Promise<T>, parent?: Operation): Promise<T> {
    const { platform, connectionTimeout } = this.#limits;
    const operation = new Operation();
    const abort = (reason: unknown) => operation.abort(reason);
    parent?.onAbort(abort);
    // Before its timer, which the task need not wait for: the first one of a Deno process takes 5 ms.
    const working = task(operation);
    const cancelTimer = platform.schedule(
      () => operation.abort(this.#timeIsUp()),
      connectionTimeout,
    );
    const release = () => {
      cancelTimer();
      parent?.offAbort(abort);
    };
    return new Promise<T>((resolve, reject) => {
      operation.onAbort((reason) => {
        release();
        reject(reason);
      });
      // Not finally(), which makes two more promises.
      working.then((value) => {
        release();
        resolve(value);
      }, (error) => {
        release();
        reject(error);
      });
    });
  }

  #timeIsUp(): ConnectionError {
    const { connectionTimeout } = this.#limits;
    return new ConnectionError(`No answer from ${this.#server} within ${connectionTimeout} ms.`, {
      advice: "Check the URL and the network, or increase connectionTimeout.",
    });
  }
}

/** Settles as `promise` does, or rejects with the signal's reason if that aborts first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

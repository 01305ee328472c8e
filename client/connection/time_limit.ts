/**
 * The time limit of everything that waits for the server.
 * @module
 */
import { ConnectionError } from "../base/errors.ts";
import { Operation } from "../base/operation.ts";
import type { Settings } from "./options.ts";

/** Limits operations to the connection timeout of one client. */
export class TimeLimit {
  readonly #settings: Settings;
  readonly #server: string;

  /** `server` is the URL for the error message. */
  constructor(settings: Settings, server: string) {
    this.#settings = settings;
    this.#server = server;
  }

  /**
   * Runs `task` as an operation that is aborted when the time is up, or together with `parent`. The
   * promise then rejects at once, even if the task ignores it.
   * @throws {ConnectionError} The time is up; or the reason for which `parent` was aborted.
   */
  run<T>(task: (operation: Operation) => Promise<T>, parent?: Operation): Promise<T> {
    const { platform, connectionTimeout } = this.#settings;
    const operation = new Operation();
    const leaveParent = parent?.onAbort((reason) => operation.abort(reason));
    // Before its timer, which the task need not wait for: the first one of a Deno process takes 5 ms.
    const working = task(operation);
    const cancelTimer = platform.schedule(
      () => operation.abort(this.#timeIsUp()),
      connectionTimeout,
    );
    const release = () => {
      cancelTimer();
      leaveParent?.();
    };
    return new Promise<T>((resolve, reject) => {
      operation.onAbort((reason) => {
        release();
        reject(reason);
      });
      working.then(resolve, reject).finally(release);
    });
  }

  #timeIsUp(): ConnectionError {
    const { connectionTimeout } = this.#settings;
    return new ConnectionError(`No answer from ${this.#server} within ${connectionTimeout} ms.`, {
      advice: "Check the URL and the network, or increase connectionTimeout.",
    });
  }
}

/** Settles as `promise` does, or rejects with the signal's reason if that aborts first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

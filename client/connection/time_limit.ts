/**
 * The time limit of everything that waits for the server.
 * @module
 */
import { ConnectionError } from "../base/errors.ts";
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
   * Runs `operation` with a signal that aborts when the time is up, or with one of `signals`.
   * @throws {ConnectionError} The time is up; or the reason of the signal that aborted.
   */
  async run<T>(
    operation: (signal: AbortSignal) => Promise<T>,
    ...signals: readonly (AbortSignal | undefined)[]
  ): Promise<T> {
    const { platform, connectionTimeout } = this.#settings;
    const timeout = new AbortController();
    const cancel = platform.schedule(() => {
      timeout.abort(
        new ConnectionError(`No answer from ${this.#server} within ${connectionTimeout} ms.`, {
          advice: "Check the URL and the network, or increase connectionTimeout.",
        }),
      );
    }, connectionTimeout);
    const signal = AbortSignal.any([timeout.signal, ...signals.filter((one) => one !== undefined)]);
    try {
      return await abortable(operation(signal), signal);
    } finally {
      cancel();
    }
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

/**
 * Time limits for waiting.
 * @module
 */
import { ConnectionError } from "../base/errors.ts";
import type { Platform } from "../base/platform.ts";

/** What ends an operation early. */
export interface TimeLimit {
  readonly platform: Platform;
  /** The server's URL, for the error message. */
  readonly server: string;
  /** The limit, milliseconds. */
  readonly connectionTimeout: number;
  /** Each of them aborts the operation. */
  readonly signals?: readonly (AbortSignal | undefined)[];
}

/**
 * Runs `operation` with a signal that aborts when the time is up, or with one of `signals`.
 * @throws {ConnectionError} The time ran out; or the reason of the signal that aborted.
 */
export async function withTimeLimit<T>(
  { platform, server, connectionTimeout, signals = [] }: TimeLimit,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController();
  const cancel = platform.schedule(() => {
    timeout.abort(
      new ConnectionError(`No answer from ${server} within ${connectionTimeout} ms.`, {
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

/**
 * A bound on everything that waits for the server.
 * @module
 */
import { ConnectionError } from "../base/errors.ts";
import type { Platform } from "../base/platform.ts";

/**
 * Runs `operation` with a signal that aborts after `limit` milliseconds or with one of `signals`.
 * @throws {ConnectionError} The time ran out; or the reason of the signal that aborted.
 */
export async function withTimeLimit<T>(
  platform: Platform,
  server: string,
  limit: number,
  signals: readonly (AbortSignal | undefined)[],
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController();
  const cancel = platform.schedule(() => {
    timeout.abort(
      new ConnectionError(
        `No answer from ${server} within ${limit} ms. Check the URL and the network, or allow ` +
          "more time with connectionTimeout.",
      ),
    );
  }, limit);
  const signal = AbortSignal.any([timeout.signal, ...signals.filter((one) => one !== undefined)]);
  try {
    return await abortable(operation(signal), signal);
  } finally {
    cancel();
  }
}

/** The promise's outcome, or the signal's reason if that comes first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

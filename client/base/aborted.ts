/**
 * Awaiting an `AbortSignal`.
 * @module
 */

/** Resolves when the signal aborts; immediately if it already has. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * Interruption by Ctrl+C or a signal.
 * @module
 */

/** The signals that ask the command to end. */
export type EndingSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** The abort reason of `Io.signal`. */
export class Interruption extends Error {
  /** Set here, because bundlers rename classes. */
  override name = "Interruption";
  /** The signal that was received. */
  readonly signal: EndingSignal;

  /** `signal` is the one received; Ctrl+C on a prompt counts as SIGINT. */
  constructor(signal: EndingSignal) {
    super(`Interrupted by ${signal}.`);
    this.signal = signal;
  }
}

/** Waits for `work`, or throws the abort reason as soon as `signal` aborts. */
export async function interruptible<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  const interrupt = (): void => interrupted.reject(signal.reason);
  if (signal.aborted) interrupt();
  signal.addEventListener("abort", interrupt);
  try {
    return await Promise.race([work, interrupted.promise]);
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

/**
 * Ends a service that has stopped as requested: SIGTERM and SIGHUP count as success, Ctrl+C as an
 * interruption.
 */
export function endService(signal: AbortSignal): void {
  const reason: unknown = signal.reason;
  if (reason instanceof Interruption && reason.signal === "SIGINT") throw reason;
}

/**
 * Being asked to end: Ctrl+C, or a signal of the system.
 * @module
 */

/** The signals that ask the command to end. */
export type EndingSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** The reason with which `Io.signal` is aborted. */
export class Interruption extends Error {
  /** Set here, because bundlers rename classes. */
  override name = "Interruption";
  /** Which signal asked. */
  readonly signal: EndingSignal;

  /** `signal` is the one that came; Ctrl+C on a prompt counts as SIGINT. */
  constructor(signal: EndingSignal) {
    super(`Interrupted by ${signal}.`);
    this.signal = signal;
  }
}

/** Waits for `work`, but no longer than until `signal` aborts: then its reason is thrown. */
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
 * How a service ends that was asked to, and has: after SIGTERM and SIGHUP that is success, after
 * Ctrl+C it is an interruption.
 */
export function endService(signal: AbortSignal): void {
  const reason: unknown = signal.reason;
  if (reason instanceof Interruption && reason.signal === "SIGINT") throw reason;
}

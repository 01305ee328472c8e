/**
 * A platform on which a test triggers signals and late failures.
 * @module
 */
import type { Platform, StopSignal } from "../../../bot/run/platform.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";

/** A platform with the testing kit's clock. */
export class FakePlatform extends VirtualClock implements Platform {
  /** Delivers a signal to the listener. */
  signal: (name: StopSignal) => void = () => {};
  /** Delivers an unhandled rejection to the listener. */
  reject: (reason: unknown, promise?: Promise<unknown>) => boolean = () => false;
  /** Delivers an uncaught exception to the listener. */
  throw: (error: unknown) => void = () => {};
  /** The exit codes with which the bot has ended the process. */
  readonly exits: (number | undefined)[] = [];
  /** What the bot does if its process does not end, and after how many milliseconds. */
  readonly leftovers: { readonly callback: () => void; readonly delay: number }[] = [];
  /** The number of listeners of any kind. */
  listeners = 0;

  constructor() {
    super(0);
  }

  readonly answerHold = 0;

  /** Every delay is the longest that it can be. */
  random(): number {
    return 1;
  }

  onStopSignal(listener: (name: StopSignal) => void): () => void {
    this.signal = listener;
    return this.#added();
  }

  onUnhandledRejection(
    listener: (reason: unknown, promise: Promise<unknown>) => boolean,
  ): () => void {
    this.reject = (reason, promise = Promise.resolve()) => listener(reason, promise);
    return this.#added();
  }

  onUncaughtException(listener: (error: unknown) => void): () => void {
    this.throw = listener;
    return this.#added();
  }

  exit(code?: number): void {
    this.exits.push(code);
  }

  ifStillRunning(callback: () => void, delay: number): void {
    this.leftovers.push({ callback, delay });
  }

  #added(): () => void {
    this.listeners++;
    return () => this.listeners--;
  }
}

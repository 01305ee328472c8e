/**
 * A machine whose system's signals and unhandled rejections a test makes up.
 * @module
 */
import type { EndingSignal, Platform } from "../../../bot/run/platform.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";

/** A host with the testing kit's clock. */
export class FakePlatform extends VirtualClock implements Platform {
  /** Calls whoever listens to the system's signals. */
  signal: (name: EndingSignal) => void = () => {};
  /** Calls whoever listens to rejections that nobody handles. */
  reject: (reason: unknown) => void = () => {};
  /** How many listen to either. */
  listeners = 0;

  constructor() {
    super(0);
  }

  onEndingSignal(listener: (name: EndingSignal) => void): () => void {
    this.signal = listener;
    this.listeners++;
    return () => this.listeners--;
  }

  onUnhandledRejection(listener: (reason: unknown) => void): () => void {
    this.reject = listener;
    this.listeners++;
    return () => this.listeners--;
  }
}

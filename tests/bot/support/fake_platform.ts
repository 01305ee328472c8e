/**
 * A platform on which a test triggers signals and unhandled rejections.
 * @module
 */
import type { Platform, StopSignal } from "../../../bot/run/platform.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";

/** A platform with the testing kit's clock. */
export class FakePlatform extends VirtualClock implements Platform {
  /** Delivers a signal to the listener. */
  signal: (name: StopSignal) => void = () => {};
  /** Delivers an unhandled rejection to the listener. */
  reject: (reason: unknown) => void = () => {};
  /** The number of listeners of either kind. */
  listeners = 0;

  constructor() {
    super(0);
  }

  onStopSignal(listener: (name: StopSignal) => void): () => void {
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

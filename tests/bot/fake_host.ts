/**
 * A machine that the test speaks for, with a clock that it moves on.
 * @module
 */
import { setImmediate } from "node:timers/promises";
import type { EndingSignal, Host } from "../../bot/host.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A host whose time stands still until `advance`. */
export class FakeHost implements Host {
  /** Calls whoever listens to the system's signals. */
  signal: (name: EndingSignal) => void = () => {};
  /** Calls whoever listens to rejections that nobody handles. */
  reject: (reason: unknown) => void = () => {};
  listeners = 0;
  readonly #timers = new Set<Timer>();
  readonly #epoch: number;
  #now = 0;

  /** `start` is the date on which the clock begins. */
  constructor(start = "1970-01-01T00:00:00Z") {
    this.#epoch = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  time(): number {
    return this.#epoch + this.#now;
  }

  schedule(callback: () => void, delay: number): () => void {
    const timer = { at: this.#now + delay, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** In how many milliseconds each timer fires. */
  get timers(): readonly number[] {
    return [...this.#timers].map(({ at }) => at - this.#now);
  }

  /** Lets so much time pass; what the timers begin has its turns in between. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await setImmediate();
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
    await setImmediate();
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

/**
 * Detects that waiting tasks make no progress, which suggests a handler that never ends. It only
 * counts tasks: remembering each would cost more per message than the queue itself.
 * @module
 */
import type { Clock } from "../context/clock.ts";

/** A stall is reported after this many milliseconds in which no waiting task gets its turn. */
const STALL_TIME = 60_000;

/** Watches the waiting tasks of one run. */
export class StallWatch {
  readonly #clock: Clock;
  readonly #report: (waiting: number) => void;
  #waiting = 0;
  /** Whether a task got its turn since the timer last fired. */
  #moved = true;
  #reported = false;
  #cancelTimer: (() => void) | undefined;

  /** `report` gets the number of waiting tasks, once per stall. */
  constructor(clock: Clock, report: (waiting: number) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /** A task starts to wait. */
  enter(): void {
    if (this.#waiting++ > 0) return;
    this.#moved = true;
    this.#check();
  }

  /** A waiting task gets its turn. */
  leave(): void {
    this.#moved = true;
    if (--this.#waiting === 0) this.stop();
  }

  /** Stops watching. */
  stop(): void {
    this.#cancelTimer?.();
  }

  #check(): void {
    if (this.#moved) this.#reported = false;
    else if (!this.#reported) {
      this.#reported = true;
      this.#report(this.#waiting);
    }
    this.#moved = false;
    this.#cancelTimer = this.#clock.schedule(() => this.#check(), STALL_TIME);
  }
}

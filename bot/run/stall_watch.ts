/**
 * Notices that something has waited long for its turn: what has it may never end. It only counts: to
 * remember what waits would cost every message more than its place in the order does.
 * @module
 */
import type { Clock } from "../context/clock.ts";

/** For how long nothing gets its turn, though something waits, until that is told; milliseconds. */
const LONG = 60_000;

/** Watches what waits in one run. */
export class StallWatch {
  readonly #clock: Clock;
  readonly #tell: (waiting: number) => void;
  #waiting = 0;
  /** Whether something has got its turn since the timer last fired. */
  #moved = true;
  #told = false;
  #cancelTimer: (() => void) | undefined;

  /** `tell` is called with how many wait, once until something gets its turn. */
  constructor(clock: Clock, tell: (waiting: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Something begins to wait. */
  enter(): void {
    if (this.#waiting++ > 0) return;
    this.#moved = true;
    this.#look();
  }

  /** Something that waited gets its turn. */
  leave(): void {
    this.#moved = true;
    if (--this.#waiting === 0) this.stop();
  }

  /** Ends the watch. */
  stop(): void {
    this.#cancelTimer?.();
  }

  #look(): void {
    if (this.#moved) this.#told = false;
    else if (!this.#told) {
      this.#told = true;
      this.#tell(this.#waiting);
    }
    this.#moved = false;
    this.#cancelTimer = this.#clock.schedule(() => this.#look(), LONG);
  }
}

/**
 * Tells the person in the room how to answer, after a message that may be for several questions. Of all
 * askers one does, that of the oldest question if it can.
 * @module
 */
import type { Clock } from "../context/clock.ts";

/** How long the asker of the next oldest question waits for that of the oldest to speak. */
const SPEAK_NEXT = 1_000;
const MAX_DELAY = 5_000;
/** The person is not told again within this time. */
const INTERVAL = 60_000;

/** When one asker tells the person how to answer. */
export class AnswerHint {
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;
  #toldAt = -Infinity;

  /** Nobody has told the person yet. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether nobody has told the person lately, or is about to. */
  get isNeeded(): boolean {
    return this.#cancel === undefined && this.#clock.monotonic() - this.#toldAt >= INTERVAL;
  }

  /** Another asker has told the person. */
  heard(): void {
    this.#toldAt = this.#clock.monotonic();
    this.cancel();
  }

  /** Tells, unless one of the askers of `older` questions does; `tell` returns whether it could. */
  tellAfter(older: number, tell: () => boolean): void {
    const run = () => {
      this.#cancel = undefined;
      if (tell()) this.#toldAt = this.#clock.monotonic();
    };
    const delay = Math.min(older * SPEAK_NEXT, MAX_DELAY);
    if (delay === 0) run();
    else this.#cancel = this.#clock.schedule(run, delay);
  }

  /** Tells no more what is about to be told. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** The next unclear message is the first of a new conversation. */
  forget(): void {
    this.#toldAt = -Infinity;
  }
}

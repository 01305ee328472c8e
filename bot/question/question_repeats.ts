/**
 * When open questions are said again, for connections that have not heard them: there is no history.
 * @module
 */
import type { Clock } from "../context/clock.ts";

/** After another question appeared: the minimum, and a random extra. */
const SOON = { delay: 250, jitter: 150 } as const;
/** How long after the questions were last said they are said again for someone who joins, milliseconds. */
const FOR_JOINED = 30_000;

/** What `new QuestionRepeats(…)` takes. */
export interface QuestionRepeatsParts {
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  random(): number;
  /** Says the open questions. */
  say(): void;
}

/** Says the open questions again, once for all that happened meanwhile. */
export class QuestionRepeats {
  readonly #parts: QuestionRepeatsParts;
  #cancelSoon: (() => void) | undefined;
  #cancelForJoined: (() => void) | undefined;
  /** When the questions were last said, on the monotonic clock. */
  #saidAt = -Infinity;

  /** Nothing has been said yet. */
  constructor(parts: QuestionRepeatsParts) {
    this.#parts = parts;
  }

  /** The open questions, or the latest of them, have been said. */
  said(): void {
    this.#saidAt = this.#parts.clock.monotonic();
  }

  /** Another question appeared, whose asker has not heard these. */
  soon(): void {
    if (this.#cancelSoon !== undefined) return;
    const { clock, random } = this.#parts;
    this.#cancelSoon = clock.schedule(() => {
      this.#cancelSoon = undefined;
      this.#parts.say();
    }, SOON.delay + SOON.jitter * random());
  }

  /** Someone joined. Many may join at once, and then again. */
  joined(): void {
    if (this.#cancelForJoined !== undefined) return;
    const { clock } = this.#parts;
    const joinedAt = clock.monotonic();
    this.#cancelForJoined = clock.schedule(() => {
      this.#cancelForJoined = undefined;
      if (this.#saidAt <= joinedAt) this.soon();
    }, Math.max(0, this.#saidAt + FOR_JOINED - joinedAt));
  }

  /** Says nothing again that is about to be. */
  cancel(): void {
    this.#cancelSoon?.();
    this.#cancelSoon = undefined;
    this.#cancelForJoined?.();
    this.#cancelForJoined = undefined;
  }
}

/**
 * Notices what has waited long for its turn: what has it may never end.
 * @module
 */
import type { Message } from "../client/mod.ts";
import type { Plan } from "./bot.ts";
import type { Clock } from "./clock.ts";

/** How long what waits is let wait, milliseconds; up to twice as long until it is noticed. */
const LONG = 60_000;

/** Watches what waits in one run. */
export class StallWatch {
  readonly #clock: Clock;
  readonly #tell: (message: Message | undefined) => void;
  readonly #waiting = new Map<Plan, Message | undefined>();
  /** What waited already when the timer last fired. */
  #before: ReadonlySet<Plan> = new Set();
  /** The lines in which something was told to wait: once for each is enough. */
  readonly #told = new Set<string | undefined>();
  #cancelTimer: (() => void) | undefined;

  /** `tell` is called with the message that has waited long, or undefined for what is none. */
  constructor(clock: Clock, tell: (message: Message | undefined) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** A plan begins to wait. */
  enter(plan: Plan, message: Message | undefined): void {
    this.#waiting.set(plan, message);
    this.#cancelTimer ??= this.#clock.schedule(() => this.#look(), LONG);
  }

  /** It waits no longer. */
  leave(plan: Plan): void {
    if (!this.#waiting.delete(plan) || this.#waiting.size > 0) return;
    this.#told.clear();
    this.stop();
  }

  /** Ends the watch. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #look(): void {
    this.#cancelTimer = undefined;
    for (const [plan, message] of this.#waiting) {
      if (!this.#before.has(plan) || this.#told.has(plan.orderKey)) continue;
      this.#told.add(plan.orderKey);
      this.#tell(message);
    }
    this.#before = new Set(this.#waiting.keys());
    if (this.#waiting.size > 0) this.#cancelTimer = this.#clock.schedule(() => this.#look(), LONG);
  }
}

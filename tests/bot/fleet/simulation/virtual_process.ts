/**
 * A simulated process with clocks of its own, which can be stopped, put to sleep and killed.
 * @module
 */
import type { Clock } from "@roomz/roomz/bot";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** How the clocks of a process differ from the true time. */
export interface ClockFaults {
  /** How fast its monotonic clock runs: 1.01 is 1% too fast. */
  readonly rate: number;
  /** By how much its time of day is wrong, milliseconds. */
  readonly error: number;
}

/** The true time of day at the start of the world. */
export const EPOCH = Date.UTC(2026, 10, 29);

/** What waits for a process to go on, each kind in the order in which it came. */
interface Backlog {
  readonly timer: (() => void)[];
  readonly input: (() => void)[];
}

/** A timer is late rather than early: clocks of different rates are converted in fractions, milliseconds. */
const ROUNDING = 1e-6;

/** A process. Whatever reaches it from outside does so through `deliver` and `schedule`. */
export class VirtualProcess implements Clock {
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #rate: number;
  #error: number;
  /** What reached it while it was stopped. */
  #backlog: Backlog = { timer: [], input: [] };
  #state: "running" | "stopped" | "killed" = "running";
  /** Since when its machine sleeps; its monotonic clock stands still meanwhile. */
  #asleepSince: number | undefined;
  #slept = 0;
  /** Since when it cannot reach the database; undefined if it can. */
  cutOffSince: number | undefined;

  /** A process that runs. */
  constructor(time: VirtualTime, random: Random, { rate, error }: ClockFaults) {
    this.#time = time;
    this.#random = random;
    this.#rate = rate;
    this.#error = error;
  }

  /** Whether it runs, and is not stopped, asleep or killed. */
  get running(): boolean {
    return this.#state === "running";
  }

  /** Whether it was killed. */
  get killed(): boolean {
    return this.#state === "killed";
  }

  /** See `Clock`. */
  now(): number {
    return EPOCH + this.#time.now + this.#error;
  }

  /** See `Clock`. */
  monotonic(): number {
    const slept = this.#slept + (this.#time.now - (this.#asleepSince ?? this.#time.now));
    return (this.#time.now - slept) * this.#rate;
  }

  /** See `Clock`. */
  schedule(callback: () => void, delay: number): () => void {
    const due = this.monotonic() + Math.max(0, delay);
    let cancelled = false;
    let cancelEvent: () => void;
    const wait = () => {
      cancelEvent = this.#time.after((due - this.monotonic()) / this.#rate + ROUNDING, () => {
        this.#reach("timer", () => {
          if (cancelled) return;
          // If the machine slept meanwhile, it is not yet time by its own clock.
          if (this.monotonic() < due) wait();
          else callback();
        });
      });
    };
    wait();
    return () => {
      cancelled = true;
      cancelEvent();
    };
  }

  /** A number in [0, 1). */
  random(): number {
    return this.#random.next();
  }

  /** Something from outside reaches the process: at once, when it goes on, or never. */
  deliver(callback: () => void): void {
    this.#reach("input", callback);
  }

  #reach(kind: keyof Backlog, callback: () => void): void {
    if (this.#state === "running") callback();
    else if (this.#state === "stopped") this.#backlog[kind].push(callback);
  }

  /** Its time of day jumps. */
  setClock(error: number): void {
    this.#error = error;
  }

  /** Stops it, as SIGSTOP does; with `sleep`, its whole machine, and so its monotonic clock. */
  stop(sleep: boolean): void {
    if (this.#state !== "running") return;
    this.#state = "stopped";
    if (sleep) this.#asleepSince = this.#time.now;
  }

  /** It goes on, with what has reached it meanwhile in any order. */
  resume(): void {
    if (this.#state !== "stopped") return;
    this.#state = "running";
    if (this.#asleepSince !== undefined) this.#slept += this.#time.now - this.#asleepSince;
    this.#asleepSince = undefined;
    const { timer, input } = this.#backlog;
    this.#backlog = { timer: [], input: [] };
    // Which of the two a process serves first cannot be known. Each is an event of its own, so that its
    // consequences come before the next.
    const timersFirst = this.#random.chance(0.5);
    for (const callback of timersFirst ? [...timer, ...input] : [...input, ...timer]) {
      this.#time.after(0, () => this.deliver(callback));
    }
  }

  /** Ends it at once: nothing reaches it any more, and it does nothing any more. */
  kill(): void {
    this.#state = "killed";
    this.#backlog = { timer: [], input: [] };
  }
}

/**
 * Accounts that nobody answers for. The host that should take one may not be able to: it may have stopped
 * since it was last heard of, or see the fleet differently. So after a while any host takes it.
 * @module
 */
import type { Clock } from "../../context/clock.ts";

/** The accounts that nobody answers for, and since when. */
export class Orphans {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #patience: number;
  readonly #since = new Map<string, number>();

  /** Whoever should take an account has `patience` milliseconds to do so. */
  constructor(clock: Pick<Clock, "monotonic">, patience: number) {
    this.#clock = clock;
    this.#patience = patience;
  }

  /** Nobody answers for an account; whether that has been so for long enough that any host may take it. */
  isOverdue(account: string): boolean {
    const now = this.#clock.monotonic();
    const since = this.#since.get(account);
    if (since === undefined) this.#since.set(account, now);
    return now - (since ?? now) >= this.#patience;
  }

  /** Somebody answers for an account, or nobody has to. */
  found(account: string): void {
    this.#since.delete(account);
  }

  /** Whether there are accounts that are about to become overdue. */
  get areWaiting(): boolean {
    const now = this.#clock.monotonic();
    for (const since of this.#since.values()) if (now - since < 2 * this.#patience) return true;
    return false;
  }
}

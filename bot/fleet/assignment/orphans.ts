/**
 * Accounts that nobody answers for. The host that should take one may not be able to: it may have stopped
 * since it was last heard of, or see the fleet differently. So after a while any host takes it.
 * @module
 */
import type { Clock } from "../../context/clock.ts";
import type { HolderRecord } from "../store/fleet_records.ts";
import type { Versioned } from "../store/fleet_view.ts";
import type { Peers } from "./peers.ts";

/** What `new Orphans(…)` takes. */
export interface OrphansParts {
  readonly clock: Pick<Clock, "monotonic">;
  readonly peers: Pick<Peers, "isLive" | "isSuspect">;
  /** Whoever should take an account has so long to do so, milliseconds. */
  readonly patience: number;
}

/** The accounts that nobody answers for, and since when. */
export class Orphans {
  readonly #parts: OrphansParts;
  #since: ReadonlyMap<string, number> = new Map();

  /** Nobody is missed before the first `overdue`. */
  constructor(parts: OrphansParts) {
    this.#parts = parts;
  }

  /** Of the accounts that a host should hold, those that nobody has answered for so long that any may. */
  overdue(
    accounts: Iterable<string>,
    holders: ReadonlyMap<string, Versioned<HolderRecord>>,
  ): readonly string[] {
    const { clock, patience } = this.#parts;
    const now = clock.monotonic();
    const since = new Map<string, number>();
    const overdue: string[] = [];
    for (const id of accounts) {
      if (this.#isCaredFor(holders.get(id)?.record)) continue;
      const missedSince = this.#since.get(id) ?? now;
      since.set(id, missedSince);
      if (now - missedSince >= patience) overdue.push(id);
    }
    this.#since = since;
    return overdue;
  }

  /** Whether a host answers for an account, or waits for one that does. */
  #isCaredFor({ host = null, from }: Partial<HolderRecord> = {}): boolean {
    const { peers } = this.#parts;
    const isLive = (host: string | null) => host !== null && peers.isLive(host);
    if (from === undefined) return isLive(host);
    return isLive(from) || host !== null && isLive(host) && !peers.isSuspect(host);
  }

  /** Whether there are accounts that are about to become overdue, or have just become so. */
  get areWaiting(): boolean {
    const { clock, patience } = this.#parts;
    const now = clock.monotonic();
    for (const since of this.#since.values()) if (now - since < 2 * patience) return true;
    return false;
  }
}

/**
 * Changes of holder records: many in one commit, each only if its record has not changed since it was read.
 * @module
 */
import type { FleetKeys } from "../store/fleet_keys.ts";
import type { HolderRecord } from "../store/fleet_records.ts";
import type { FleetStore } from "../store/fleet_store.ts";
import type { HostLease } from "../lease/host_lease.ts";

/** What became of a change; if "unknown", it may still be made later. */
export type ChangeOutcome = "done" | "conflict" | "unknown";

interface Change {
  readonly account: string;
  /** The version that was read; null if there was no record. */
  readonly version: string | null;
  readonly next: HolderRecord;
  resolve(outcome: ChangeOutcome): void;
}

/** What `new HolderChanges(…)` takes. */
export interface HolderChangesParts {
  readonly store: FleetStore;
  readonly keys: FleetKeys;
  readonly lease: HostLease;
}

/** The changes that one host makes. */
export class HolderChanges {
  readonly #parts: HolderChangesParts;
  readonly #queue: Change[] = [];
  #committing = false;
  /** Grows with every change that begins or ends. */
  #moment = 0;
  /** The moment of the latest change of each account; Infinity while one is under way. */
  readonly #changed = new Map<string, number>();
  /** The versions on which changes with an unknown outcome depend. */
  readonly #unsettled = new Map<string, string | null>();

  /** Every commit checks that this host has not been given up. */
  constructor(parts: HolderChangesParts) {
    this.#parts = parts;
  }

  /** To be asked before records are read: see {@linkcode HolderChanges.isOutdated}. */
  get moment(): number {
    return this.#moment;
  }

  /** Whether an account may have changed since `moment`, so that what was read may be out of date. */
  isOutdated(account: string, moment: number): boolean {
    return (this.#changed.get(account) ?? -1) > moment;
  }

  /**
   * Whether an earlier change of a record with this version may still be made. A change that is known to
   * be made, with any content, rules that out: it gives the record another version.
   */
  isUnsettled(account: string, version: string | null): boolean {
    return this.#unsettled.get(account) === version;
  }

  /** Changes the record of an account. Never rejects. */
  change(account: string, version: string | null, next: HolderRecord): Promise<ChangeOutcome> {
    this.#moment++;
    this.#changed.set(account, Infinity);
    const { promise, resolve } = Promise.withResolvers<ChangeOutcome>();
    this.#queue.push({ account, version, next, resolve });
    if (!this.#committing) void this.#commitAll();
    return promise;
  }

  async #commitAll(): Promise<void> {
    this.#committing = true;
    // The loop over the accounts adds its changes synchronously.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#parts.store.maxChecks - 1);
      const outcome = await this.#commit(batch);
      if (outcome === "conflict" && batch.length > 1) {
        for (const change of batch) this.#settle(change, await this.#commit([change]));
      } else {
        for (const change of batch) this.#settle(change, outcome);
      }
    }
    this.#committing = false;
  }

  async #commit(batch: readonly Change[]): Promise<ChangeOutcome> {
    const { store, keys, lease } = this.#parts;
    try {
      return await store.commit({
        checks: [
          lease.check,
          ...batch.map(({ account, version }) => ({ key: keys.holder(account), version })),
        ],
        sets: [
          ...batch.map(({ account, next }) => ({ key: keys.holder(account), value: { ...next } })),
          { key: keys.revision, value: {} },
        ],
      });
    } catch {
      return "unknown";
    }
  }

  #settle({ account, version, resolve }: Change, outcome: ChangeOutcome): void {
    this.#changed.set(account, ++this.#moment);
    if (outcome === "unknown") this.#unsettled.set(account, version);
    resolve(outcome);
  }
}

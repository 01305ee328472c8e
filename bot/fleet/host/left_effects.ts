/**
 * Effects that hosts had claimed when they died: nobody can say whether they were carried out.
 * @module
 */
import type { Clock } from "../../context/clock.ts";
import type { StorageKey } from "../../storage/storage.ts";
import type { FleetKeys } from "../store/fleet_keys.ts";
import type { AccountRecord, HolderRecord } from "../store/fleet_records.ts";
import type { FleetEntry, FleetStore } from "../store/fleet_store.ts";
import type { Versioned } from "../store/fleet_view.ts";
import type { LeftOutcome } from "./held_account.ts";
import type { Peers } from "../assignment/peers.ts";

/** So many keys are deleted in one commit. */
const MAX_DELETES = 100;

/** What `new LeftEffects(…)` takes. */
export interface LeftEffectsParts {
  readonly clock: Clock;
  readonly store: FleetStore;
  readonly keys: FleetKeys;
  /** Whoever takes an account over has so long to report, milliseconds. */
  readonly patience: number;
  onUnknown(outcome: LeftOutcome): void;
}

/** Reports what dead hosts left unfinished, and removes their records. */
export class LeftEffects {
  readonly #parts: LeftEffectsParts;
  /** Since when no account refers to a dead host, by the monotonic clock. */
  readonly #forgotten = new Map<string, number>();

  /** What dead hosts left, as far as it was read. */
  readonly #readings = new Map<string, Promise<ReadonlyMap<string, readonly FleetEntry[]>>>();

  /** Reports go to `onUnknown`. */
  constructor(parts: LeftEffectsParts) {
    this.#parts = parts;
  }

  /** Reports what a dead host left of an account; returns how much that was. */
  async report(host: string, id: string, account: AccountRecord): Promise<number> {
    let reading = this.#readings.get(host);
    if (reading === undefined) {
      reading = this.#read(host);
      this.#readings.set(host, reading);
      // What cannot be read now is asked for again.
      reading.catch(() => this.#readings.delete(host));
    }
    const left = (await reading).get(id) ?? [];
    await this.#remove(left, account);
    return left.length;
  }

  /** What a dead host left, by account. It cannot become more, so it is read once. */
  async #read(host: string): Promise<ReadonlyMap<string, readonly FleetEntry[]>> {
    const { store, keys } = this.#parts;
    return Map.groupBy(await store.list(keys.opened(host)), ({ key }) => key.at(-2) ?? "");
  }

  /** Removes the records of dead hosts to which nothing refers, after what is left was reported. */
  async cleanUp(
    peers: Pick<Peers, "dead" | "keeps">,
    accounts: ReadonlyMap<string, Versioned<AccountRecord>>,
    holders: ReadonlyMap<string, Versioned<HolderRecord>>,
  ): Promise<void> {
    const { dead } = peers;
    for (const host of this.#readings.keys()) {
      if (!dead.some((one) => one.host === host)) this.#readings.delete(host);
    }
    if (dead.length === 0 || !peers.keeps) return;
    const { clock, store, keys, patience } = this.#parts;
    const named = new Set(
      [...holders.values()].flatMap(({ record }) => [record.host, record.from]),
    );
    for (const { host, version } of dead) {
      const since = this.#forgotten.get(host);
      if (named.has(host)) this.#forgotten.delete(host);
      else if (since === undefined) this.#forgotten.set(host, clock.monotonic());
      else if (clock.monotonic() - since >= patience) {
        for (const entry of await store.list(keys.opened(host))) {
          const account = accounts.get(entry.key.at(-2) ?? "")?.record;
          await this.#remove([entry], account);
        }
        await store.commit({
          checks: [{ key: keys.host(host), version }],
          sets: [{ key: keys.revision, value: {} }],
          deletes: [keys.host(host), keys.beat(host)],
        });
        this.#forgotten.delete(host);
      }
    }
  }

  async #remove(left: readonly FleetEntry[], account: AccountRecord | undefined): Promise<void> {
    const { store, onUnknown } = this.#parts;
    for (const { key, value } of left) {
      // Reported first: rather twice than never.
      if (account === undefined) continue; // It was removed, and so nobody waits for an answer.
      const id = typeof value.id === "string" ? value.id : key.at(-1) ?? "";
      onUnknown({ account, id, reason: "the host that had claimed it died" });
    }
    for (let at = 0; at < left.length; at += MAX_DELETES) {
      const deletes: StorageKey[] = left.slice(at, at + MAX_DELETES).map(({ key }) => key);
      await store.commit({ checks: [], sets: [], deletes });
    }
  }
}

/**
 * The accounts of a fleet and who holds them, as one host has read them.
 * @module
 */
import type { FleetKeys } from "./fleet_keys.ts";
import { type AccountRecord, type HolderRecord, readAccount, readHolder } from "./fleet_records.ts";
import type { FleetEntry, FleetStore } from "./fleet_store.ts";

/** A record with its version. */
export interface Versioned<T> {
  readonly record: T;
  readonly version: string;
}

/** Lists the accounts and holders only when one of them has changed. */
export class FleetView {
  readonly #store: FleetStore;
  readonly #keys: FleetKeys;
  #revision: string | undefined;
  #accounts: ReadonlyMap<string, Versioned<AccountRecord>> = new Map();
  #holders: ReadonlyMap<string, Versioned<HolderRecord>> = new Map();

  /** Nothing is known before the first `read`. */
  constructor(store: FleetStore, keys: FleetKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  /** The accounts that can be read, by id. */
  get accounts(): ReadonlyMap<string, Versioned<AccountRecord>> {
    return this.#accounts;
  }

  /** The holders, by the account's id. */
  get holders(): ReadonlyMap<string, Versioned<HolderRecord>> {
    return this.#holders;
  }

  /** Reads what has changed; whether anything has. */
  async read(): Promise<boolean> {
    const [entry] = await this.#store.get([this.#keys.revision]);
    // Read before the lists: what changes after it is listed the next time.
    const revision = entry?.version;
    if (revision !== undefined && revision === this.#revision) return false;
    this.#accounts = byId(
      await this.#store.list(this.#keys.accounts),
      readAccount,
      this.#accounts,
    );
    this.#holders = byId(await this.#store.list(this.#keys.holders), readHolder, this.#holders);
    this.#revision = revision;
    return true;
  }
}

function byId<T>(
  entries: readonly FleetEntry[],
  read: (value: FleetEntry["value"]) => T | undefined,
  before: ReadonlyMap<string, Versioned<T>>,
): Map<string, Versioned<T>> {
  const records = new Map<string, Versioned<T>>();
  for (const { key, value, version } of entries) {
    const id = key.at(-1);
    const known = id === undefined ? undefined : before.get(id);
    if (id !== undefined && known?.version === version) {
      // The same object: each account would keep the one of its beginning beside it.
      records.set(id, known);
      continue;
    }
    const record = read(value);
    if (record !== undefined && id !== undefined) records.set(id, { record, version });
  }
  return records;
}

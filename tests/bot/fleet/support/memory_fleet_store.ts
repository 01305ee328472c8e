/**
 * A fleet's store in memory, for tests of what stands on it.
 * @module
 */
import type {
  CommitOutcome,
  FleetCommit,
  FleetEntry,
  FleetStore,
} from "../../../../bot/fleet/store/fleet_store.ts";
import type { StorageKey } from "../../../../bot/storage/storage.ts";

/** All hosts of a test share one, each through a view of its own that can fail. */
export class MemoryFleetStore {
  readonly #entries = new Map<string, FleetEntry>();
  #commits = 0;

  /** Every record, by its key. */
  get entries(): readonly FleetEntry[] {
    return [...this.#entries.keys()].sort().map((key) => this.#entries.get(key)).filter((entry) =>
      entry !== undefined
    );
  }

  /** The store as one host sees it; `reachable` says whether it answers. */
  view(reachable: () => boolean, maxChecks = 10): FleetStore {
    const call = async <T>(operation: () => T): Promise<T> => {
      await Promise.resolve();
      if (!reachable()) await new Promise(() => {});
      return structuredClone(operation());
    };
    return {
      maxChecks,
      get: (keys) => call(() => keys.map((key) => this.#entries.get(nameOf(key)))),
      list: (prefix) => call(() => this.entries.filter(({ key }) => startsWith(key, prefix))),
      commit: (commit) => call(() => this.#commit(commit, maxChecks)),
    };
  }

  #commit({ checks, sets, deletes = [] }: FleetCommit, maxChecks: number): CommitOutcome {
    if (checks.length > maxChecks) throw new TypeError("too many checks");
    const holds = checks.every(({ key, version }) =>
      (this.#entries.get(nameOf(key))?.version ?? null) === version
    );
    if (!holds) return "conflict";
    const version = String(++this.#commits);
    for (const { key, value } of sets) {
      this.#entries.set(nameOf(key), { key, value: structuredClone(value), version });
    }
    for (const key of deletes) this.#entries.delete(nameOf(key));
    return "done";
  }
}

function nameOf(key: StorageKey): string {
  return key.join("\0");
}

function startsWith(key: StorageKey, prefix: StorageKey): boolean {
  return key.length > prefix.length && prefix.every((part, at) => key[at] === part);
}

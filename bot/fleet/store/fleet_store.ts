/**
 * The storage contract of a fleet: what its hosts share.
 *
 * It is more than a `BotStorage`: a fleet reads several keys at once, lists them, and changes several in
 * one atomic step. It has no expiry, because Deno KV counts that by the clock of whoever writes (Deno
 * 2.9.6), and no watch, because the watch of a file does not see what other processes write.
 * @module
 */
import type { JsonObject } from "../../../client/base/json.ts";
import type { StorageKey } from "../../storage/storage.ts";

/**
 * The time limit of a host's calls, as a part of its lease: a renewal that got no answer has to be sent again
 * in time.
 */
export const CALL_TIME = 1 / 3;

/** A stored record. */
export interface FleetEntry {
  readonly key: StorageKey;
  readonly value: JsonObject;
  /** An opaque version that changes with every write to the key. */
  readonly version: string;
}

/**
 * Changes that are made together or not at all. Where there are checks, there must be a set as well: a
 * deletion that the database repeats by itself cannot be told from someone else's.
 */
export interface FleetCommit {
  /** The versions that keys must still have; null for a key that must not exist. */
  readonly checks: readonly { readonly key: StorageKey; readonly version: string | null }[];
  readonly sets: readonly { readonly key: StorageKey; readonly value: JsonObject }[];
  readonly deletes?: readonly StorageKey[];
}

/**
 * What became of a commit: all of it was done, or nothing, because a check failed. A commit that the
 * database repeated by itself, because its response was lost, is reported as done; unless others have
 * replaced everything that it set since, so that nothing of it is left.
 */
export type CommitOutcome = "done" | "conflict";

/**
 * What the hosts of a fleet share. Every method throws a `StorageError` at its time limit, and what Deno
 * throws if the database cannot be opened, such as with a wrong access token.
 */
export interface FleetStore {
  /** How many checks one commit may have: 10 on a KV server, 100 in a file. */
  readonly maxChecks: number;
  /** The records of the keys, in their order; undefined for a key that does not exist. */
  get(keys: readonly StorageKey[]): Promise<readonly (FleetEntry | undefined)[]>;
  /** The records below a prefix, in the order of their keys: the first `limit` of them, or all. */
  list(prefix: StorageKey, limit?: number): Promise<readonly FleetEntry[]>;
  /**
   * Makes changes if all checks hold. After a `StorageError` because of the time limit, they may still
   * be made later: whoever needs to know reads the keys.
   */
  commit(commit: FleetCommit): Promise<CommitOutcome>;
}

/**
 * What the hosts of a fleet share, in Deno KV: a file for several processes of one machine, or a KV server.
 * @module
 */
import { isJsonObject, parseJson } from "../../../client/base/json.ts";
import type { KvDatabase } from "../../storage/kv_database.ts";
import { decodeEntry, encodeEntry, newNonce, TOMBSTONE } from "../../storage/kv_entry.ts";
import type { KvHandle, KvReading } from "../../storage/kv_handle.ts";
import { readSize, writeSize } from "../../storage/kv_request.ts";
import { encodeValue, StorageError, type StorageKey } from "../../storage/storage.ts";
import type { CommitOutcome, FleetCommit, FleetEntry, FleetStore } from "./fleet_store.ts";

// Limits of Deno 2.9.6 and denokv 0.14.0.
const MAX_KEYS_READ = 10;
const MAX_CHECKS_OF_SERVER = 10;
const MAX_CHECKS_OF_FILE = 100;
const LIST_BATCH = 500;

/** The records of a fleet in a Deno KV database. */
export class KvFleetStore implements FleetStore {
  readonly maxChecks: number;
  readonly #database: KvDatabase;
  readonly #prefix: StorageKey;
  readonly #timeout: number;

  /** `prefix` is prepended to all keys; `timeout` is the limit of each call, milliseconds. */
  constructor(database: KvDatabase, prefix: StorageKey, timeout: number) {
    this.maxChecks = database.isRemote ? MAX_CHECKS_OF_SERVER : MAX_CHECKS_OF_FILE;
    this.#database = database;
    this.#prefix = prefix;
    this.#timeout = timeout;
  }

  /** See `FleetStore`. */
  async get(keys: readonly StorageKey[]): Promise<readonly (FleetEntry | undefined)[]> {
    const readings = await this.#use((kv) => this.#read(kv, keys));
    return readings.map((reading) => this.#entryOf(reading)?.entry);
  }

  async #read(kv: KvHandle, keys: readonly StorageKey[]): Promise<readonly KvReading[]> {
    const readings: KvReading[] = [];
    for (let at = 0; at < keys.length; at += MAX_KEYS_READ) {
      const some = keys.slice(at, at + MAX_KEYS_READ).map((key) => this.#keyOf(key));
      const read = () => kv.getMany(some);
      readings.push(...await this.#database.send(kv, () => readSize(some), read));
    }
    return readings;
  }

  /** See `FleetStore`. */
  async list(prefix: StorageKey, limit?: number): Promise<readonly FleetEntry[]> {
    return await this.#use(async (kv) => {
      const options = limit === undefined ? {} : { limit };
      const entries: FleetEntry[] = [];
      const found = kv.list({ prefix: this.#keyOf(prefix) }, { ...options, batchSize: LIST_BATCH });
      for await (const reading of found) {
        const read = this.#entryOf(reading);
        if (read !== undefined) entries.push(read.entry);
      }
      return entries;
    });
  }

  /** See `FleetStore`. */
  async commit({ checks, sets, deletes = [] }: FleetCommit): Promise<CommitOutcome> {
    const nonce = newNonce();
    const writes = sets.map(({ key, value }) => {
      const bytes = encodeEntry(encodeValue(key, JSON.stringify(value)), nonce);
      return { key: this.#keyOf(key), value: bytes, bytes: bytes.length };
    });
    const request = {
      checks: checks.map(({ key, version }) => ({ key: this.#keyOf(key), version })),
      sets: writes,
      deletes: deletes.map((key) => this.#keyOf(key)),
    };
    return await this.#use(async (kv) => {
      const write = kv.atomic();
      for (const { key, version } of request.checks) write.check({ key, versionstamp: version });
      for (const { key, value } of writes) write.set(key, value);
      for (const key of request.deletes) write.delete(key);
      const send = () => write.commit();
      const { ok } = await this.#database.send(kv, () => writeSize(request), send);
      if (ok) return "done";
      return this.#database.isRemote && await this.#wrote(kv, sets, nonce) ? "done" : "conflict";
    });
  }

  /**
   * Whether a commit that is said to have failed was carried out before: a KV server's response was
   * lost, Deno sent the write once more, and that failed its own checks. A commit is done as a whole, so
   * that one of the keys that it set is proof; several are read because others may have replaced some.
   */
  async #wrote(kv: KvHandle, sets: FleetCommit["sets"], nonce: string): Promise<boolean> {
    const keys = sets.slice(0, MAX_KEYS_READ).map(({ key }) => key);
    const readings = await this.#read(kv, keys);
    return readings.some((reading) => this.#entryOf(reading)?.nonce === nonce);
  }

  #entryOf({ key, value, versionstamp }: KvReading) {
    if (versionstamp === null) return undefined;
    const parts = key.filter((part) => typeof part === "string");
    const { text, nonce } = value instanceof Uint8Array ? decodeEntry(value) : NOT_OURS;
    const json = text === TOMBSTONE ? undefined : parseJson(text);
    if (parts.length !== key.length || !isJsonObject(json)) {
      throw new StorageError(
        `The Deno KV entry ${key.join("/")} was not written by a fleet. Delete it, or give the ` +
          "storage another prefix.",
      );
    }
    const entry = { key: parts.slice(this.#prefix.length), value: json, version: versionstamp };
    return { entry, nonce };
  }

  #use<T>(operation: (kv: KvHandle) => Promise<T>): Promise<T> {
    return this.#database.use(operation, this.#timeout);
  }

  #keyOf(key: StorageKey): string[] {
    return [...this.#prefix, ...key];
  }
}

const NOT_OURS = { text: TOMBSTONE, nonce: undefined } as const;

/**
 * A storage in Deno KV.
 * @module
 */
import { MAX_TIMER_DELAY } from "../../client/base/platform.ts";
import { ConfigurationError } from "../../client/mod.ts";
import { KvDatabase } from "./kv_database.ts";
import { decodeEntry, encodeEntry, newNonce, TOMBSTONE } from "./kv_entry.ts";
import type { KvHandle } from "./kv_handle.ts";
import { writeSize } from "./kv_request.ts";
import {
  type BotStorage,
  encodeValue,
  StorageError,
  type StorageKey,
  type StoredValue,
  type WriteOptions,
} from "./storage.ts";

/** Whether Deno KV is available; `--unstable-kv` enables it. */
export function hasKv(): boolean {
  return typeof Deno !== "undefined" && typeof Deno.openKv === "function";
}

/** What to do where Deno KV is not available, as part of a sentence. */
export function withoutKv(): string {
  return typeof Deno === "undefined"
    ? "run the program with Deno and --unstable-kv, or pass a BotStorage of your own"
    : 'add --unstable-kv to the command, or "unstable": ["kv"] to your deno.json';
}

/** The database of a storage, and what is prepended to its keys: for what else lies in it. */
export let databaseOf: (
  storage: KvStorage,
) => { readonly database: KvDatabase; readonly prefix: StorageKey };

/** What `new KvStorage(path, options)` takes. */
export interface KvStorageOptions {
  /** Prepended to all keys, so that other programs can share the database. Default: `["roomz", "bot"]`. */
  readonly prefix?: readonly string[];
  /**
   * The time limit of each operation, milliseconds: a KV server that is down lets Deno retry for ever.
   * Default: 10,000.
   */
  readonly timeout?: number;
}

const DEFAULT_TIMEOUT = 10_000;
/** How long a KV server keeps the tombstone of a deleted key, in milliseconds. */
const TOMBSTONE_LIFE = 60_000;

/**
 * Keeps values in a Deno KV database. Several programs can share one file: operations are retried
 * while another program holds the lock. A value can be 64 KiB at most.
 *
 * When the response of a KV server is lost, Deno repeats the write by itself, and the retry fails
 * the version check, because the first write took effect (Deno 2.9.6, denokv 0.14.0). Each value
 * therefore carries a mark of its writer,
 * by which a write that took effect is recognised and reported as such.
 *
 * Needs Deno with `--unstable-kv`. A file also needs `--allow-read` and `--allow-write` for its
 * folder. A KV server (KV Connect) needs `--allow-net`, the access token in `DENO_KV_ACCESS_TOKEN`
 * with `--allow-env=DENO_KV_ACCESS_TOKEN`, and must speak HTTP/2 from the first byte.
 *
 * @example Keep a bot's sessions in a file of its own
 * ```ts
 * import { KvStorage } from "@roomz/roomz/bot";
 *
 * using storage = new KvStorage(`${await Deno.makeTempDir()}/helper.kv`);
 * await storage.write(["helper", "note"], "hello", { version: undefined });
 * console.log((await storage.read(["helper", "note"]))?.text); // "hello"
 * ```
 */
export class KvStorage implements BotStorage, Disposable {
  readonly #database: KvDatabase;
  readonly #prefix: readonly string[];

  /**
   * `path` is a file or the URL of a KV server; without it, Deno's default database for the program
   * is used. The database is opened on first use. A new file is readable only by its owner (mode 0600).
   * @throws {ConfigurationError} Deno KV is not available, `path` is a URL of another kind than
   * `http` and `https`, or `timeout` is not a time.
   */
  constructor(path?: string, options: KvStorageOptions = {}) {
    if (!hasKv()) {
      throw new ConfigurationError(
        `KvStorage needs Deno.openKv: ${withoutKv()}. new MemoryStorage() works without it, but ` +
          "loses everything when the program ends.",
      );
    }
    const { prefix = ["roomz", "bot"], timeout = DEFAULT_TIMEOUT } = options;
    if (!(timeout > 0 && timeout <= MAX_TIMER_DELAY)) {
      throw new ConfigurationError(
        'The option "timeout" must be a number of milliseconds, more than 0 and at most 24 days.',
      );
    }
    this.#database = new KvDatabase(path, { timeout });
    this.#prefix = prefix;
  }

  static {
    databaseOf = (storage) => ({ database: storage.#database, prefix: storage.#prefix });
  }

  /** The value of a key; undefined if it has none. */
  async read(key: StorageKey): Promise<StoredValue | undefined> {
    const entry = await this.#database.use((kv) => this.#get(kv, this.#keyOf(key)));
    if (entry === undefined || entry.text === TOMBSTONE) return undefined;
    return { text: entry.text, version: entry.version };
  }

  async #get(kv: KvHandle, key: string[]) {
    const { value, versionstamp } = await kv.get(key);
    if (versionstamp === null) return undefined;
    if (!(value instanceof Uint8Array)) {
      throw new StorageError(
        `The Deno KV entry ${key.join("/")} was not written by a bot. Give the storage another ` +
          "prefix, or delete the entry.",
      );
    }
    return { ...decodeEntry(value), version: versionstamp };
  }

  /**
   * Writes a value if the key still has the given version.
   * @throws {StorageError} The value exceeds 64 KiB.
   */
  async write(key: StorageKey, text: string, options: WriteOptions): Promise<boolean> {
    const { version, until } = options;
    const bytes = encodeValue(key, text);
    // Deno KV rejects an expiry in the past or with a fraction, and deletes lazily: readers check
    // `until` as well.
    const expireIn = until === undefined ? undefined : Math.max(1, Math.ceil(until - Date.now()));
    return await this.#database.use((kv) =>
      this.#replace(kv, this.#keyOf(key), bytes, version, expireIn)
    );
  }

  /** Writes if the key still has that version; true also if only Deno's own retry failed. */
  async #replace(
    kv: KvHandle,
    key: string[],
    value: Uint8Array | typeof TOMBSTONE,
    version: string | undefined,
    expireIn: number | undefined,
  ): Promise<boolean> {
    const nonce = newNonce();
    const entry = encodeEntry(value, nonce);
    const commit = async (versionstamp: string | null): Promise<boolean> => {
      const write = kv.atomic().check({ key, versionstamp })
        .set(key, entry, expireIn === undefined ? {} : { expireIn });
      const size = () =>
        writeSize({
          checks: [{ key, version: versionstamp }],
          sets: [{ key, bytes: entry.length }],
          expires: expireIn !== undefined,
        });
      return (await this.#database.send(kv, size, () => write.commit())).ok;
    };
    if (await commit(version ?? null)) return true;
    const found = await this.#get(kv, key);
    if (found?.nonce === nonce) return true;
    // A key with nothing but a tombstone has no value, and may be written.
    return version === undefined && found?.text === TOMBSTONE && await commit(found.version);
  }

  /** Deletes a value if the key still has the given version. */
  async delete(key: StorageKey, version: string): Promise<boolean> {
    const kvKey = this.#keyOf(key);
    return await this.#database.use(async (kv) => {
      if (!this.#database.isRemote) {
        const check = { key: kvKey, versionstamp: version };
        return (await kv.atomic().check(check).delete(kvKey).commit()).ok;
      }
      // After a plain deletion, a retry of it could not be recognised, so a tombstone is written.
      return await this.#replace(kv, kvKey, TOMBSTONE, version, TOMBSTONE_LIFE);
    });
  }

  /** Closes the database; it is reopened on the next use. */
  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #keyOf(key: StorageKey): string[] {
    return [...this.#prefix, ...key];
  }
}

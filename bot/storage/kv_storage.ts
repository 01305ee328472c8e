/**
 * A storage in Deno KV.
 * @module
 */
import { createPrivateFile, retryWhileLocked } from "../../client/auth/kv_file.ts";
import { ConfigurationError } from "../../client/mod.ts";
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

/** What `new KvStorage(path, options)` takes. */
export interface KvStorageOptions {
  /** Prepended to all keys, so that other programs can share the database. Default: `["roomz", "bot"]`. */
  readonly prefix?: readonly string[];
}

/**
 * Keeps values in a Deno KV database. Several programs can share one file: operations are retried
 * while another program holds the lock. A value can be 64 KiB at most.
 *
 * Needs Deno with `--unstable-kv`. A file also needs `--allow-read` and `--allow-write` for its
 * folder; a KV server needs `--allow-net`.
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
  readonly #path: string | undefined;
  readonly #prefix: readonly string[];
  #kv: Promise<Deno.Kv> | undefined;

  /**
   * `path` is a file or the URL of a KV server; without it, Deno's default database for the program
   * is used. The database is opened on first use. A new file is readable only by its owner (mode 0600).
   * @throws {ConfigurationError} Deno KV is not available.
   */
  constructor(path?: string, options: KvStorageOptions = {}) {
    if (!hasKv()) {
      throw new ConfigurationError(
        'KvStorage needs Deno.openKv: add --unstable-kv to the command, or "unstable": ["kv"] to ' +
          "your deno.json. new MemoryStorage() works without it, but loses everything when the program " +
          "ends.",
      );
    }
    this.#path = path;
    this.#prefix = options.prefix ?? ["roomz", "bot"];
  }

  /** The value of a key; undefined if it has none. */
  async read(key: StorageKey): Promise<StoredValue | undefined> {
    const { value, versionstamp } = await this.#use((kv) => kv.get(this.#keyOf(key)));
    if (versionstamp === null) return undefined;
    if (!(value instanceof Uint8Array)) {
      throw new StorageError(
        `The Deno KV entry ${
          this.#keyOf(key).join("/")
        } was not written by a bot. Give the storage ` +
          "another prefix, or delete the entry.",
      );
    }
    return { text: new TextDecoder().decode(value), version: versionstamp };
  }

  /**
   * Writes a value if the key still has the given version.
   * @throws {StorageError} The value exceeds 64 KiB.
   */
  async write(key: StorageKey, text: string, options: WriteOptions): Promise<boolean> {
    const { version, until } = options;
    const bytes = encodeValue(key, text);
    const kvKey = this.#keyOf(key);
    // Deno KV rejects an expiry in the past, and deletes lazily: readers check `until` as well.
    const expiry = until === undefined ? {} : { expireIn: Math.max(1, until - Date.now()) };
    const result = await this.#use((kv) =>
      kv.atomic().check({ key: kvKey, versionstamp: version ?? null }).set(kvKey, bytes, expiry)
        .commit()
    );
    return result.ok;
  }

  /** Deletes a value if the key still has the given version. */
  async delete(key: StorageKey, version: string): Promise<boolean> {
    const kvKey = this.#keyOf(key);
    const result = await this.#use((kv) =>
      kv.atomic().check({ key: kvKey, versionstamp: version }).delete(kvKey).commit()
    );
    return result.ok;
  }

  /** Closes the database; it is reopened on the next use. */
  [Symbol.dispose](): void {
    const kv = this.#kv;
    this.#kv = undefined;
    kv?.then((opened) => opened.close()).catch(() => {});
  }

  /** Runs an operation on the database, with retries while another process holds the lock. */
  #use<T>(operation: (kv: Deno.Kv) => Promise<T>): Promise<T> {
    return retryWhileLocked(async () => await operation(await this.#open()));
  }

  #open(): Promise<Deno.Kv> {
    if (this.#kv !== undefined) return this.#kv;
    const opening = openKv(this.#path);
    this.#kv = opening;
    opening.catch(() => {
      if (this.#kv === opening) this.#kv = undefined;
    });
    return opening;
  }

  #keyOf(key: StorageKey): string[] {
    return [...this.#prefix, ...key];
  }
}

async function openKv(path: string | undefined): Promise<Deno.Kv> {
  if (path !== undefined && !/^https?:/.test(path)) await createPrivateFile(path);
  return await Deno.openKv(path);
}

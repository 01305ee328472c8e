/**
 * A storage in Deno KV.
 * @module
 */
import { createPrivateFile, retryWhileLocked } from "../../client/auth/kv_file.ts";
import { ConfigurationError } from "../../client/mod.ts";
import {
  type BotStorage,
  bytesOf,
  StorageError,
  type StorageKey,
  type StoredValue,
  type WriteOptions,
} from "./storage.ts";

/** Whether this program has Deno KV: `--unstable-kv` turns it on. */
export function hasKv(): boolean {
  return typeof Deno !== "undefined" && typeof Deno.openKv === "function";
}

/** What `new KvStorage(path, options)` takes. */
export interface KvStorageOptions {
  /** What all keys start with, so that others may share the database. Default: `["roomz", "bot"]`. */
  readonly prefix?: readonly string[];
}

/**
 * Keeps what it is given in a Deno KV database. Several programs may share one file: it is tried
 * again while another has it locked. A value is 64 KiB at most.
 *
 * Needs Deno with `--unstable-kv`; with a path `--allow-read` and `--allow-write` for its folder as
 * well, with the address of a KV server `--allow-net` for it.
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
   * `path` is a file's, or the address of a KV server; without it, it is Deno's own database for the
   * program. It is opened when it is first used; a new file is its owner's alone (mode 0600).
   * @throws {ConfigurationError} There is no Deno KV here.
   */
  constructor(path?: string, options: KvStorageOptions = {}) {
    if (!hasKv()) {
      throw new ConfigurationError(
        'KvStorage needs Deno.openKv: add --unstable-kv to the command, or "unstable": ["kv"] to ' +
          "your deno.json. new MemoryStorage() does without, and forgets when the program ends.",
      );
    }
    this.#path = path;
    this.#prefix = options.prefix ?? ["roomz", "bot"];
  }

  /** The value of a key; undefined where it has none. */
  async read(key: StorageKey): Promise<StoredValue | undefined> {
    const { value, versionstamp } = await this.#use((kv) => kv.get(this.#keyOf(key)));
    if (versionstamp === null) return undefined;
    if (!(value instanceof Uint8Array)) {
      throw new StorageError(
        `What Deno KV has under ${this.#keyOf(key).join("/")} is not a bot's: it was written by ` +
          "something else. Give the storage another prefix, or delete it.",
      );
    }
    return { text: new TextDecoder().decode(value), version: versionstamp };
  }

  /**
   * Writes a value if the key still has the given version.
   * @throws {StorageError} It is more than 64 KiB.
   */
  async write(key: StorageKey, text: string, options: WriteOptions): Promise<boolean> {
    const { version, until } = options;
    const bytes = bytesOf(key, text);
    const kvKey = this.#keyOf(key);
    // Deno KV takes no time that has passed, and forgets lazily: whoever reads checks `until` too.
    const expiry = until === undefined ? {} : { expireIn: Math.max(1, until - Date.now()) };
    const result = await this.#use((kv) =>
      kv.atomic().check({ key: kvKey, versionstamp: version ?? null }).set(kvKey, bytes, expiry)
        .commit()
    );
    return result.ok;
  }

  /** Forgets a value if the key still has the given version. */
  async delete(key: StorageKey, version: string): Promise<boolean> {
    const kvKey = this.#keyOf(key);
    const result = await this.#use((kv) =>
      kv.atomic().check({ key: kvKey, versionstamp: version }).delete(kvKey).commit()
    );
    return result.ok;
  }

  /** Closes the database; it is opened again when it is next used. */
  [Symbol.dispose](): void {
    const kv = this.#kv;
    this.#kv = undefined;
    kv?.then((opened) => opened.close()).catch(() => {});
  }

  /** Does something with the database, again and again while another process has it locked. */
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

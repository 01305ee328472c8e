/**
 * Where a bot keeps what outlives it: the contract, and what may go wrong with it.
 * @module
 */

/** Where a value is kept: the bot's name first, then from the general to the particular. */
export type StorageKey = readonly string[];

/** A value as it is kept. */
export interface StoredValue {
  /** The text that was written. */
  readonly text: string;
  /** Changes with every write of the key; means nothing else. */
  readonly version: string;
}

/** What a write demands and tells. */
export interface WriteOptions {
  /** The version that the key must have for the write to happen; undefined: it has no value yet. */
  readonly version: string | undefined;
  /**
   * From when on the value is of no use, milliseconds since 1970: the storage may forget it then, at
   * its leisure. Absent: it is kept.
   */
  readonly until?: number;
}

/**
 * Where a bot keeps its sessions and flows: texts under keys, each with a version. One of your own
 * needs no more than these three methods, each of them atomic.
 *
 * @example A storage in a Map, without versions of its own to speak of
 * ```ts
 * import type { BotStorage, StoredValue } from "@roomz/roomz/bot";
 *
 * const values = new Map<string, StoredValue>();
 * let writes = 0;
 * const storage: BotStorage = {
 *   read: (key) => Promise.resolve(values.get(key.join("/"))),
 *   write(key, text, { version }) {
 *     const name = key.join("/");
 *     if (values.get(name)?.version !== version) return Promise.resolve(false);
 *     values.set(name, { text, version: `${++writes}` });
 *     return Promise.resolve(true);
 *   },
 *   delete(key, version) {
 *     const name = key.join("/");
 *     return Promise.resolve(values.get(name)?.version === version && values.delete(name));
 *   },
 * };
 * console.log(await storage.write(["helper", "note"], "hello", { version: undefined })); // true
 * ```
 */
export interface BotStorage {
  /** The value of a key; undefined where it has none. */
  read(key: StorageKey): Promise<StoredValue | undefined>;
  /** Writes a value if the key still has the given version; false: it has not, nothing was done. */
  write(key: StorageKey, text: string, options: WriteOptions): Promise<boolean>;
  /** Forgets a value if the key still has the given version; false: it has not. */
  delete(key: StorageKey, version: string): Promise<boolean>;
}

/**
 * What was to be kept cannot be, or what was kept cannot be read. What was kept before is untouched.
 */
export class StorageError extends Error {
  /** The class name, so that logs tell the errors apart after bundling. */
  override name = "StorageError";
}

/** The most that one key holds in Deno KV, and in memory alike: bytes of UTF-8. */
export const LARGEST_VALUE = 65_536;

/**
 * The bytes of a text, if they fit under one key.
 * @throws {StorageError} They are more than 64 KiB.
 */
export function bytesOf(key: StorageKey, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > LARGEST_VALUE) {
    throw new StorageError(
      `What was to be kept under ${key.join("/")} takes ${bytes.length} bytes, and ` +
        `${LARGEST_VALUE} is the most: nothing was written. Keep less in it.`,
    );
  }
  return bytes;
}

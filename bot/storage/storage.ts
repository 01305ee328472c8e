/**
 * The storage contract: where a bot keeps what must survive a restart.
 * @module
 */

/** A key: the bot's name first, then from general to specific. */
export type StorageKey = readonly string[];

/** A stored value. */
export interface StoredValue {
  /** The text that was written. */
  readonly text: string;
  /** An opaque version that changes with every write to the key. */
  readonly version: string;
}

/** What a storage returns: the result, or the promise of one. */
export type StorageResult<T> = T | Promise<T>;

/** Whether a result is still to come. */
export function isPromise<T extends object | boolean | undefined>(
  result: StorageResult<T>,
): result is Promise<T> {
  return result instanceof Promise ||
    typeof result === "object" && "then" in result && typeof result.then === "function";
}

/** The precondition of a write, and how long the value is needed. */
export interface WriteOptions {
  /** The version that the key must still have; undefined if it must have no value yet. */
  readonly version: string | undefined;
  /**
   * When the value expires, in milliseconds since 1970. The storage may delete it at any time after
   * that. Absent if it never expires.
   */
  readonly until?: number;
}

/**
 * Where a bot keeps its sessions and flows: versioned text under keys. A custom storage only needs
 * these three methods, each of them atomic. Each may return its result or the promise of one: a handler
 * starts sooner if nothing has to be awaited.
 *
 * @example A storage in a Map
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
  /** The value of a key; undefined if it has none. */
  read(key: StorageKey): StorageResult<StoredValue | undefined>;
  /** Writes a value if the key still has the given version; otherwise does nothing and returns false. */
  write(key: StorageKey, text: string, options: WriteOptions): StorageResult<boolean>;
  /** Deletes a value if the key still has the given version; otherwise returns false. */
  delete(key: StorageKey, version: string): StorageResult<boolean>;
}

/**
 * A value cannot be stored, or a stored value cannot be used. What is stored is left unchanged.
 */
export class StorageError extends Error {
  /** Set explicitly so that the name survives minification. */
  override name = "StorageError";
}

/** The size limit of a value, in bytes of UTF-8: that of Deno KV, and of memory as well. */
export const MAX_VALUE_BYTES = 65_536;

/**
 * Encodes a text to be stored under a key.
 * @throws {StorageError} It exceeds 64 KiB.
 */
export function encodeValue(key: StorageKey, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MAX_VALUE_BYTES) {
    throw new StorageError(
      `The value for ${key.join("/")} is ${bytes.length} bytes, which exceeds the limit of ` +
        `${MAX_VALUE_BYTES}. Nothing was written: store less under one key.`,
    );
  }
  return bytes;
}

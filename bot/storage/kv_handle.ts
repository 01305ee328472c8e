/**
 * What the storage uses of `Deno.Kv`; tests give it a model of it.
 * @module
 */

/** A stored entry; `versionstamp` is null if the key does not exist. */
export interface KvReading {
  readonly key: Deno.KvKey;
  readonly value: unknown;
  readonly versionstamp: string | null;
}

/** An atomic write that is being put together. */
export interface KvWrite {
  /** It is carried out only if the key has this version; null if it must not exist. */
  check(check: { key: Deno.KvKey; versionstamp: string | null }): KvWrite;
  /** Sets a value; `expireIn` is in milliseconds. */
  set(key: Deno.KvKey, value: Uint8Array, options?: { expireIn?: number }): KvWrite;
  /** Deletes a value. */
  delete(key: Deno.KvKey): KvWrite;
  /** Carries it out; `ok` is false if a check failed. */
  commit(): Promise<{ readonly ok: boolean }>;
}

/** An open database. */
export interface KvHandle {
  /** Reads a key. */
  get(key: Deno.KvKey): Promise<KvReading>;
  /** Reads up to 10 keys at once. */
  getMany(keys: readonly Deno.KvKey[]): Promise<readonly KvReading[]>;
  /** Reads all keys below a prefix, in their order. */
  list(
    selector: { prefix: Deno.KvKey },
    options?: { limit?: number; batchSize?: number },
  ): AsyncIterable<KvReading>;
  /** Begins an atomic write. */
  atomic(): KvWrite;
  /** Closes it. */
  close(): void;
}

/** Opens a database as `Deno.openKv` does. */
export type OpenKv = (path?: string) => Promise<KvHandle>;

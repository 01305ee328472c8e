/**
 * A storage in memory.
 * @module
 */
import {
  type BotStorage,
  encodeValue,
  MAX_VALUE_BYTES,
  type StorageKey,
  type StoredValue,
  type WriteOptions,
} from "./storage.ts";

/**
 * Keeps values in memory until the program ends, with the size limit of Deno KV.
 *
 * @example Values that are gone when the program ends
 * ```ts
 * import { MemoryStorage } from "@roomz/roomz/bot";
 *
 * const storage = new MemoryStorage();
 * await storage.write(["helper", "note"], "hello", { version: undefined });
 * console.log((await storage.read(["helper", "note"]))?.text); // "hello"
 * ```
 */
export class MemoryStorage implements BotStorage {
  readonly #root: Branch = { branches: new Map(), stored: undefined };
  #size = 0;
  #writes = 0;

  /** How many keys have a value. */
  get size(): number {
    return this.#size;
  }

  /** The value of a key; undefined if it has none. */
  read(key: StorageKey): StoredValue | undefined {
    return this.#find(key)?.stored;
  }

  /**
   * Writes a value if the key still has the given version.
   * @throws {StorageError} The value exceeds 64 KiB.
   */
  write(key: StorageKey, text: string, { version }: WriteOptions): boolean {
    // A UTF-16 code unit takes at most 3 bytes of UTF-8, so only long texts need to be measured.
    if (text.length * 3 > MAX_VALUE_BYTES) encodeValue(key, text);
    const branch = this.#find(key) ?? this.#grow(key);
    if (branch.stored?.version !== version) return false;
    if (branch.stored === undefined) this.#size++;
    branch.stored = { text, version: String(++this.#writes) };
    return true;
  }

  /** Deletes a value if the key still has the given version. */
  delete(key: StorageKey, version: string): boolean {
    const branch = this.#find(key);
    if (branch?.stored?.version !== version) return false;
    branch.stored = undefined;
    this.#size--;
    return true;
  }

  #find(key: StorageKey): Branch | undefined {
    let branch: Branch | undefined = this.#root;
    for (const part of key) {
      branch = branch.branches.get(part);
      if (branch === undefined) return undefined;
    }
    return branch;
  }

  #grow(key: StorageKey): Branch {
    let branch = this.#root;
    for (const part of key) {
      let next = branch.branches.get(part);
      if (next === undefined) {
        next = { branches: new Map(), stored: undefined };
        branch.branches.set(part, next);
      }
      branch = next;
    }
    return branch;
  }
}

/** A node of the key tree. It is not removed with its last value, because keys are usually reused. */
interface Branch {
  /** Keyed by the next part of the key. */
  readonly branches: Map<string, Branch>;
  /** The value of the key that ends here. */
  stored: StoredValue | undefined;
}

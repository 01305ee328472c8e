/**
 * A storage that lasts as long as the program.
 * @module
 */
import {
  type BotStorage,
  bytesOf,
  LARGEST_VALUE,
  type StorageKey,
  type StoredValue,
  type WriteOptions,
} from "./storage.ts";

/**
 * Keeps what it is given in memory, as long as the program runs. It refuses what Deno KV would.
 *
 * @example A bot that forgets everything when it ends
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

  /** The value of a key; undefined where it has none. */
  read(key: StorageKey): Promise<StoredValue | undefined> {
    return Promise.resolve(this.#find(key)?.stored);
  }

  /**
   * Writes a value if the key still has the given version.
   * @throws {StorageError} It is more than 64 KiB.
   */
  // deno-lint-ignore require-await -- so that what is too large rejects
  async write(key: StorageKey, text: string, { version }: WriteOptions): Promise<boolean> {
    // No unit of UTF-16 takes more than 3 bytes: only a long text has to be encoded to know.
    if (text.length * 3 > LARGEST_VALUE) bytesOf(key, text);
    const branch = this.#find(key) ?? this.#grow(key);
    if (branch.stored?.version !== version) return false;
    if (branch.stored === undefined) this.#size++;
    branch.stored = { text, version: String(++this.#writes) };
    return true;
  }

  /** Forgets a value if the key still has the given version. */
  delete(key: StorageKey, version: string): Promise<boolean> {
    const branch = this.#find(key);
    if (branch?.stored?.version !== version) return Promise.resolve(false);
    branch.stored = undefined;
    this.#size--;
    return Promise.resolve(true);
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

/** The values of the keys that start alike. It stays when they are forgotten: keys come again. */
interface Branch {
  /** By the next part of the key. */
  readonly branches: Map<string, Branch>;
  /** Of the key that ends here. */
  stored: StoredValue | undefined;
}

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
  readonly #values = new Map<string, StoredValue>();
  #writes = 0;

  /** How many keys have a value. */
  get size(): number {
    return this.#values.size;
  }

  /** The value of a key; undefined where it has none. */
  read(key: StorageKey): Promise<StoredValue | undefined> {
    return Promise.resolve(this.#values.get(nameOf(key)));
  }

  /**
   * Writes a value if the key still has the given version.
   * @throws {StorageError} It is more than 64 KiB.
   */
  // deno-lint-ignore require-await -- so that what is too large rejects
  async write(key: StorageKey, text: string, { version }: WriteOptions): Promise<boolean> {
    // No unit of UTF-16 takes more than 3 bytes: only a long text has to be encoded to know.
    if (text.length * 3 > LARGEST_VALUE) bytesOf(key, text);
    const name = nameOf(key);
    if (this.#values.get(name)?.version !== version) return false;
    this.#values.set(name, { text, version: String(++this.#writes) });
    return true;
  }

  /** Forgets a value if the key still has the given version. */
  delete(key: StorageKey, version: string): Promise<boolean> {
    const name = nameOf(key);
    return Promise.resolve(
      this.#values.get(name)?.version === version && this.#values.delete(name),
    );
  }
}

function nameOf(key: StorageKey): string {
  return JSON.stringify(key);
}

/**
 * A storage that counts its reads and writes.
 * @module
 */
import {
  type BotStorage,
  MemoryStorage,
  type StorageKey,
  type StoredValue,
  type WriteOptions,
} from "@roomz/roomz/bot";

/** Wraps another storage; a test can delay reads and writes. */
export class WatchedStorage implements BotStorage {
  reads = 0;
  writes = 0;
  beforeRead: () => Promise<void> = () => Promise.resolve();
  beforeWrite: () => Promise<void> = () => Promise.resolve();
  readonly #inner: BotStorage;

  constructor(inner: BotStorage = new MemoryStorage()) {
    this.#inner = inner;
  }

  async read(key: StorageKey): Promise<StoredValue | undefined> {
    this.reads++;
    await this.beforeRead();
    return await this.#inner.read(key);
  }

  async write(key: StorageKey, text: string, options: WriteOptions): Promise<boolean> {
    this.writes++;
    await this.beforeWrite();
    return await this.#inner.write(key, text, options);
  }

  async delete(key: StorageKey, version: string): Promise<boolean> {
    return await this.#inner.delete(key, version);
  }
}

/**
 * A storage that counts what is done with it.
 * @module
 */
import {
  type BotStorage,
  MemoryStorage,
  type StorageKey,
  type StoredValue,
  type WriteOptions,
} from "@roomz/roomz/bot";

/** It keeps values in memory; a test may hold writes back. */
export class WatchedStorage implements BotStorage {
  readonly inner = new MemoryStorage();
  reads = 0;
  writes = 0;
  beforeWrite: () => Promise<void> = () => Promise.resolve();

  read(key: StorageKey): Promise<StoredValue | undefined> {
    this.reads++;
    return this.inner.read(key);
  }

  async write(key: StorageKey, text: string, options: WriteOptions): Promise<boolean> {
    this.writes++;
    await this.beforeWrite();
    return await this.inner.write(key, text, options);
  }

  delete(key: StorageKey, version: string): Promise<boolean> {
    return this.inner.delete(key, version);
  }
}

/**
 * A storage that counts what is done with it.
 * @module
 */
import { type BotStorage, MemoryStorage } from "@roomz/roomz/bot";

/** It keeps values in memory; a test may hold writes back. */
export class WatchedStorage implements BotStorage {
  readonly inner = new MemoryStorage();
  reads = 0;
  writes = 0;
  beforeWrite: () => Promise<void> = () => Promise.resolve();

  read(...args: Parameters<BotStorage["read"]>) {
    this.reads++;
    return this.inner.read(...args);
  }

  async write(...args: Parameters<BotStorage["write"]>) {
    this.writes++;
    await this.beforeWrite();
    return await this.inner.write(...args);
  }

  delete(...args: Parameters<BotStorage["delete"]>) {
    return this.inner.delete(...args);
  }
}

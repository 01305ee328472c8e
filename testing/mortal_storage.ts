/**
 * A process's access to a storage, which outlives the process.
 * @module
 */
import type { BotStorage, StorageKey, StoredValue, WriteOptions } from "../bot/mod.ts";
import { never, type ProcessLife } from "./process_life.ts";

/** Works as long as the process lives. Each write and delete is an effect: see `ProcessLife`. */
export class MortalStorage implements BotStorage {
  readonly #storage: BotStorage;
  readonly #life: ProcessLife;

  /** Gives the process with this `life` access to `storage`. */
  constructor(storage: BotStorage, life: ProcessLife) {
    this.#storage = storage;
    this.#life = life;
  }

  /** See `BotStorage`. */
  read(key: StorageKey): Promise<StoredValue | undefined> {
    if (this.#life.ended) return never();
    return this.#life.whileAlive(Promise.resolve(this.#storage.read(key)));
  }

  /** See `BotStorage`. */
  write(key: StorageKey, text: string, options: WriteOptions): Promise<boolean> {
    if (!this.#life.takesEffect()) return never();
    return this.#life.whileAlive(Promise.resolve(this.#storage.write(key, text, options)));
  }

  /** See `BotStorage`. */
  delete(key: StorageKey, version: string): Promise<boolean> {
    if (!this.#life.takesEffect()) return never();
    return this.#life.whileAlive(Promise.resolve(this.#storage.delete(key, version)));
  }
}

/**
 * A storage as one process of a bot sees it: it outlives the process.
 * @module
 */
import type { BotStorage, StorageKey, StoredValue, WriteOptions } from "../bot/mod.ts";
import { never, type ProcessLife } from "./process_life.ts";

/** Reads and writes as long as the process lives; every write and delete is an effect. */
export class MortalStorage implements BotStorage {
  readonly #storage: BotStorage;
  readonly #life: ProcessLife;

  /** The view that a process has of `storage`. */
  constructor(storage: BotStorage, life: ProcessLife) {
    this.#storage = storage;
    this.#life = life;
  }

  /** See `BotStorage`. */
  read(key: StorageKey): Promise<StoredValue | undefined> {
    return this.#life.over ? never() : this.#life.lived(this.#storage.read(key));
  }

  /** See `BotStorage`. */
  write(key: StorageKey, text: string, options: WriteOptions): Promise<boolean> {
    if (!this.#life.takesEffect()) return never();
    return this.#life.lived(this.#storage.write(key, text, options));
  }

  /** See `BotStorage`. */
  delete(key: StorageKey, version: string): Promise<boolean> {
    if (!this.#life.takesEffect()) return never();
    return this.#life.lived(this.#storage.delete(key, version));
  }
}

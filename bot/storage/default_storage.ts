/**
 * The storage of a bot that was given none.
 * @module
 */
import type { BotLogger } from "../context/bot_logger.ts";
import { hasKv, KvStorage } from "./kv_storage.ts";
import { MemoryStorage } from "./memory_storage.ts";
import type { BotStorage, StorageKey, StoredValue, WriteOptions } from "./storage.ts";

/** Deno's own database for the program; without Deno KV memory, which is told when it is first used. */
export class DefaultStorage implements BotStorage, Disposable {
  readonly #logger: BotLogger;
  #storage: KvStorage | MemoryStorage | undefined;

  /** `logger` is told, once, where nothing outlives the program. */
  constructor(logger: BotLogger) {
    this.#logger = logger;
  }

  /** The value of a key; undefined where it has none. */
  read(key: StorageKey): Promise<StoredValue | undefined> {
    return this.#chosen().read(key);
  }

  /** Writes a value if the key still has the given version. */
  write(key: StorageKey, text: string, options: WriteOptions): Promise<boolean> {
    return this.#chosen().write(key, text, options);
  }

  /** Forgets a value if the key still has the given version. */
  delete(key: StorageKey, version: string): Promise<boolean> {
    return this.#chosen().delete(key, version);
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    if (this.#storage instanceof KvStorage) this.#storage[Symbol.dispose]();
  }

  #chosen(): BotStorage {
    this.#storage ??= this.#choose();
    return this.#storage;
  }

  #choose(): KvStorage | MemoryStorage {
    if (hasKv()) return new KvStorage();
    this.#logger.warn(
      "What the bot keeps (sessions, flows, the times of schedules) is kept in memory, and gone when " +
        "it ends: there is no Deno KV here. Add --unstable-kv to the command, or " +
        '"unstable": ["kv"] to your deno.json; or pass runBot a storage: new MemoryStorage() if that ' +
        "is what you want.",
    );
    return new MemoryStorage();
  }
}

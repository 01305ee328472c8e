/**
 * The storage that a bot gets if none is passed to `runBot`.
 * @module
 */
import type { BotLogger } from "../context/bot_logger.ts";
import { hasKv, KvStorage, withoutKv } from "./kv_storage.ts";
import { MemoryStorage } from "./memory_storage.ts";
import type {
  BotStorage,
  StorageKey,
  StorageResult,
  StoredValue,
  WriteOptions,
} from "./storage.ts";

/** Deno's default database for the program; without Deno KV, memory, with a warning on first use. */
export class DefaultStorage implements BotStorage, Disposable {
  readonly #logger: BotLogger;
  #storage: KvStorage | MemoryStorage | undefined;

  /** `logger` gets one warning if nothing will survive a restart. */
  constructor(logger: BotLogger) {
    this.#logger = logger;
  }

  /** The value of a key; undefined if it has none. */
  read(key: StorageKey): StorageResult<StoredValue | undefined> {
    return this.#resolve().read(key);
  }

  /** Writes a value if the key still has the given version. */
  write(key: StorageKey, text: string, options: WriteOptions): StorageResult<boolean> {
    return this.#resolve().write(key, text, options);
  }

  /** Deletes a value if the key still has the given version. */
  delete(key: StorageKey, version: string): StorageResult<boolean> {
    return this.#resolve().delete(key, version);
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    if (this.#storage instanceof KvStorage) this.#storage[Symbol.dispose]();
  }

  #resolve(): BotStorage {
    this.#storage ??= this.#choose();
    return this.#storage;
  }

  #choose(): KvStorage | MemoryStorage {
    if (hasKv()) return new KvStorage();
    this.#logger.warn(
      "Deno KV is not available, so sessions, flows and schedule times are kept in memory and lost " +
        `when the bot ends. To keep them, ${withoutKv()}. If memory is what you want, pass runBot ` +
        "storage: new MemoryStorage().",
    );
    return new MemoryStorage();
  }
}

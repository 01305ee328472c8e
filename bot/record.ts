/**
 * What a bot keeps under one key: a value with the version of its shape and the end of its time.
 * @module
 */
import { isRecord } from "./json_text.ts";
import { type BotStorage, StorageError, type StorageKey } from "./storage.ts";

/** A value under a key. */
export interface KeptRecord {
  /** The value, an object of JSON. */
  readonly value: Record<string, unknown>;
  /** The version of its shape, as the bot's definition numbers it. */
  readonly shape: number;
}

/** What is under a key now; a write or delete demands that it is still the same. */
export interface RecordReading {
  /** Undefined where nothing is, or its time is up. */
  readonly record: KeptRecord | undefined;
  /** For the storage; undefined where the key has no value at all. */
  readonly version: string | undefined;
}

/** The records of a storage. */
export class Records {
  readonly #storage: BotStorage;
  readonly #time: () => number;

  /** `time` is milliseconds since 1970. */
  constructor(storage: BotStorage, time: () => number) {
    this.#storage = storage;
    this.#time = time;
  }

  /**
   * Reads a key.
   * @throws {StorageError} What it holds was not written by a bot.
   */
  async read(key: StorageKey): Promise<RecordReading> {
    const stored = await this.#storage.read(key);
    if (stored === undefined) return { record: undefined, version: undefined };
    const { version } = stored;
    const { value, shape, until } = parse(key, stored.text);
    const over = until !== undefined && until <= this.#time();
    return { record: over ? undefined : { value, shape }, version };
  }

  /**
   * Writes a value of JSON text in place of what was read; false: that has changed meanwhile.
   * `ttl` is how long it counts, milliseconds.
   * @throws {StorageError} The value is larger than the storage takes.
   */
  async write(
    key: StorageKey,
    version: string | undefined,
    { json, shape, ttl }: { json: string; shape: number; ttl?: number | undefined },
  ): Promise<boolean> {
    const until = ttl === undefined ? undefined : this.#time() + ttl;
    const head = `{"shape":${shape}${until === undefined ? "" : `,"until":${until}`}`;
    const text = `${head},"value":${json}}`;
    return await this.#storage.write(key, text, {
      version,
      ...(until === undefined ? {} : { until }),
    });
  }

  /** Deletes what was read; false: it has changed meanwhile. */
  async delete(key: StorageKey, version: string): Promise<boolean> {
    return await this.#storage.delete(key, version);
  }
}

interface Parsed extends KeptRecord {
  readonly until: number | undefined;
}

function parse(key: StorageKey, text: string): Parsed {
  const kept = parseJson(text);
  if (isRecord(kept) && isRecord(kept.value) && typeof kept.shape === "number") {
    const { value, shape, until } = kept;
    return { value, shape, until: typeof until === "number" ? until : undefined };
  }
  throw new StorageError(
    `What is kept under ${
      key.join("/")
    } is not what a bot wrote: it is left as it is. Delete it, or ` +
      "give the bot another storage.",
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

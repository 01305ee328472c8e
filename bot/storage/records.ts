/**
 * What a bot keeps under one key: a value with the version of its shape and the end of its time.
 * @module
 */
import { isRecord } from "./json_text.ts";
import { type BotStorage, StorageError, type StorageKey } from "./storage.ts";

/** A value under a key. */
export interface KeptRecord {
  /** The value, an object of JSON; of whoever reads it alone. */
  readonly value: Record<string, unknown>;
  /** The text that it was written as. */
  readonly json: string;
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
  read(key: StorageKey): Promise<RecordReading> {
    return this.#storage.read(key).then((stored) => {
      if (stored === undefined) return { record: undefined, version: undefined };
      const { text, version } = stored;
      const record = parse(key, text);
      const over = record.until !== undefined && record.until <= this.#time();
      return { record: over ? undefined : record, version };
    });
  }

  /**
   * Writes a value of JSON text in place of what was read; false: that has changed meanwhile.
   * `ttl` is how long it counts, milliseconds.
   * @throws {StorageError} The value is larger than the storage takes.
   */
  write(
    key: StorageKey,
    version: string | undefined,
    { json, shape, ttl }: { json: string; shape: number; ttl?: number | undefined },
  ): Promise<boolean> {
    const until = ttl === undefined ? undefined : this.#time() + ttl;
    const head = `{"shape":${shape}${until === undefined ? "" : `,"until":${until}`}`;
    const text = `${head},"value":${json}}`;
    return this.#storage.write(key, text, until === undefined ? { version } : { version, until });
  }

  /** Deletes what was read; false: it has changed meanwhile. */
  delete(key: StorageKey, version: string): Promise<boolean> {
    return this.#storage.delete(key, version);
  }
}

interface Parsed extends KeptRecord {
  readonly until: number | undefined;
}

/** What `write` puts before a value's JSON. */
const HEAD = /^\{"shape":(\d+)(?:,"until":([\d.e+]+))?,"value":/;

function parse(key: StorageKey, text: string): Parsed {
  const head = HEAD.exec(text);
  if (head !== null && text.endsWith("}")) {
    const [{ length }, shape, until] = head;
    const json = text.slice(length, -1);
    const value = parseJson(json);
    if (isRecord(value)) {
      return {
        value,
        json,
        shape: Number(shape),
        until: until === undefined ? undefined : Number(until),
      };
    }
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

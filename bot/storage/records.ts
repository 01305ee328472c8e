/**
 * Records: JSON values in a storage, each with the version of its shape and an optional expiry.
 * @module
 */
import { isJsonObject, type JsonObject, parseJson } from "../../client/base/json.ts";
import { type BotStorage, StorageError, type StorageKey } from "./storage.ts";

/** A value stored under a key. */
export interface StoredRecord {
  /** A JSON object, freshly parsed: nobody else holds a reference to it. */
  readonly value: JsonObject;
  /** The JSON text of `value`, as written. */
  readonly json: string;
  /** The version of the value's shape, as the bot's definition numbers it. */
  readonly shape: number;
}

/** What a key holds; a later write or delete succeeds only if it has not changed since. */
export interface RecordReading {
  /** Undefined if the key has no value, or an expired one. */
  readonly record: StoredRecord | undefined;
  /** The storage's version of the key; undefined if it has no value, not even an expired one. */
  readonly version: string | undefined;
}

/** Reads and writes the records of a storage. */
export class Records {
  readonly #storage: BotStorage;
  readonly #now: () => number;

  /** `now` is milliseconds since 1970. */
  constructor(storage: BotStorage, now: () => number) {
    this.#storage = storage;
    this.#now = now;
  }

  /**
   * Reads a key.
   * @throws {StorageError} A bot did not write the value.
   */
  read(key: StorageKey): Promise<RecordReading> {
    return this.#storage.read(key).then((stored) => {
      if (stored === undefined) return { record: undefined, version: undefined };
      const { text, version } = stored;
      const record = parse(key, text);
      const expired = record.until !== undefined && record.until <= this.#now();
      return { record: expired ? undefined : record, version };
    });
  }

  /**
   * Replaces what was read with a value given as JSON text; false if it has changed since. The
   * record expires after `ttl` milliseconds.
   * @throws {StorageError} The value exceeds the storage's size limit.
   */
  write(
    key: StorageKey,
    version: string | undefined,
    { json, shape, ttl }: { json: string; shape: number; ttl?: number | undefined },
  ): Promise<boolean> {
    const until = ttl === undefined ? undefined : this.#now() + ttl;
    const head = `{"shape":${shape}${until === undefined ? "" : `,"until":${until}`}`;
    const text = `${head},"value":${json}}`;
    return this.#storage.write(key, text, until === undefined ? { version } : { version, until });
  }

  /** Deletes what was read; false if it has changed since. */
  delete(key: StorageKey, version: string): Promise<boolean> {
    return this.#storage.delete(key, version);
  }
}

interface Parsed extends StoredRecord {
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
    if (isJsonObject(value)) {
      return {
        value,
        json,
        shape: Number(shape),
        until: until === undefined ? undefined : Number(until),
      };
    }
  }
  throw new StorageError(
    `The value stored under ${key.join("/")} was not written by a bot. It was left unchanged: ` +
      "delete it, or give the bot another storage.",
  );
}

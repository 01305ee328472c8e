/**
 * Records: JSON values in a storage, each with the version of its shape and an optional expiry.
 * @module
 */
import { isJsonObject, type JsonObject, parseJson } from "../../client/base/json.ts";
import {
  type BotStorage,
  isPromise,
  StorageError,
  type StorageKey,
  type StorageResult,
  type StoredValue,
} from "./storage.ts";

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
  read(key: StorageKey): StorageResult<RecordReading> {
    const stored = this.#storage.read(key);
    return isPromise(stored)
      ? Promise.resolve(stored).then((later) => this.#parse(key, later))
      : this.#parse(key, stored);
  }

  #parse(key: StorageKey, stored: StoredValue | undefined): RecordReading {
    if (stored === undefined) return { record: undefined, version: undefined };
    const { text, version } = stored;
    const record = parse(key, text);
    const expired = record.until !== undefined && record.until <= this.#now();
    return { record: expired ? undefined : record, version };
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
  ): StorageResult<boolean> {
    const until = ttl === undefined ? undefined : this.#now() + ttl;
    const head = `{"shape":${shape}${until === undefined ? "" : `,"until":${until}`}`;
    const text = `${head},"value":${json}}`;
    const options = until === undefined ? { version } : { version, until };
    const written = this.#storage.write(key, text, options);
    return isPromise(written) ? Promise.resolve(written) : written;
  }

  /** Deletes what was read; false if it has changed since. */
  delete(key: StorageKey, version: string): StorageResult<boolean> {
    return this.#storage.delete(key, version);
  }
}

interface Parsed extends StoredRecord {
  readonly until: number | undefined;
}

/** What `write` puts before a value's JSON. */
const HEAD = /^\{"shape":(\d+)(?:,"until":([\d.e+]+))?,"value":/;

interface Head {
  readonly text: string;
  readonly shape: number;
  readonly until: number | undefined;
}

/** The head that was read last: most records have the same one as the one before. */
let latestHead: Head = { text: `{"shape":1,"value":`, shape: 1, until: undefined };

function readHead(text: string): Head | undefined {
  if (text.startsWith(latestHead.text)) return latestHead;
  const found = HEAD.exec(text);
  if (found === null) return undefined;
  const [head, shape, until] = found;
  latestHead = {
    text: head,
    shape: Number(shape),
    until: until === undefined ? undefined : Number(until),
  };
  return latestHead;
}

function parse(key: StorageKey, text: string): Parsed {
  const head = readHead(text);
  if (head !== undefined && text.endsWith("}")) {
    const { shape, until } = head;
    const json = text.slice(head.text.length, -1);
    const value = parseJson(json);
    if (isJsonObject(value)) return { value, json, shape, until };
  }
  throw new StorageError(
    `The value stored under ${key.join("/")} was not written by a bot. It was left unchanged: ` +
      "delete it, or give the bot another storage.",
  );
}

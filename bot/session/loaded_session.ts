/**
 * Sessions at run time: loaded before a handler, saved after it.
 * @module
 */
import type { User } from "../../client/mod.ts";
import { deviceKey } from "../context/device_key.ts";
import { readDuration } from "../signature/duration.ts";
import { jsonText } from "../storage/json_text.ts";
import type { RecordReading, Records, StoredRecord } from "../storage/records.ts";
import {
  isPromise,
  StorageError,
  type StorageKey,
  type StorageResult,
} from "../storage/storage.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { checkInitial } from "./initial_value.ts";
import { type AnySessionDefinition, SessionConflictError } from "./session.ts";

/** How often `updateSession` tries. Each failure means that another writer succeeded. */
const MAX_UPDATE_TRIES = 1_000;

/** The argument of `updateSession`, with its types erased. */
type Change = (session: never) => object | void;

/** What a session adds to a context. */
interface AddedSession {
  session: object;
  updateSession: (change: Change) => Promise<object>;
}

interface SessionReading {
  /** The session, freshly parsed: nobody else holds a reference to it. */
  readonly value: object;
  /** The JSON text of `value` when it was read, to detect changes. */
  readonly json: string;
  /** The storage's version of the key. */
  readonly version: string | undefined;
}

/** The validated session definition of a bot or plug-in. */
export class BoundSession {
  /** The definition it was made from. A group that shares the session refers to this same object. */
  readonly definition: AnySessionDefinition;
  /** The key, with an empty last part. */
  readonly #keyTemplate: StorageKey;
  readonly #shape: number;
  readonly #ttl: number | undefined;

  /**
   * `owner` is the key prefix of the bot or plug-in; `path` is the path of the definition.
   * @throws {BotDefinitionError} `version` or `ttl` is invalid, or the initial session cannot be stored.
   */
  constructor(owner: StorageKey, definition: AnySessionDefinition, path: string) {
    const { version = 1, ttl, initial } = definition;
    this.definition = definition;
    this.#keyTemplate = [...owner, "session", definition.scope ?? "channel", ""];
    this.#shape = checkVersion(version, `${path}.version`);
    this.#ttl = ttl === undefined ? undefined : readDuration(ttl, `${path}.ttl`);
    checkInitial(initial, "session", `${path}.initial`);
  }

  /**
   * Loads the session for a message from `user`.
   * @throws {StorageError} The stored session cannot be used. It is left unchanged.
   */
  load(records: Records, user: User): StorageResult<LoadedSession> {
    const key = this.#keyOf(user);
    const reading = records.read(key);
    return isPromise(reading)
      ? reading.then((later) => this.#loaded(records, key, later))
      : this.#loaded(records, key, reading);
  }

  #loaded(records: Records, key: StorageKey, reading: RecordReading): LoadedSession {
    return new LoadedSession(this, records, key, this.current(reading));
  }

  /** The session in its current shape: as stored, migrated, or new if there is none. */
  current({ record, version }: RecordReading): SessionReading {
    if (record?.shape === this.#shape) {
      const { value, json } = record;
      return { value, json, version };
    }
    const { initial } = this.definition;
    const json = jsonText(record === undefined ? initial() : this.#migrated(record), "session");
    return { value: JSON.parse(json), json, version };
  }

  /** Writes a session; false if someone else has written it since it was read. */
  write(
    records: Records,
    key: StorageKey,
    version: string | undefined,
    json: string,
  ): StorageResult<boolean> {
    return records.write(key, version, { json, shape: this.#shape, ttl: this.#ttl });
  }

  #migrated({ value, shape }: StoredRecord): object {
    const { migrate } = this.definition;
    if (shape < this.#shape && migrate !== undefined) return migrate(value, shape);
    const reason = shape < this.#shape
      ? "the definition has no migration: add session.migrate"
      : "an older bot cannot read it: run the bot that wrote it, or a newer one";
    throw new StorageError(
      `The stored session has version ${shape}, this bot's is ${this.#shape}, and ${reason}. ` +
        "The stored session was left unchanged.",
    );
  }

  #keyOf(user: User): StorageKey {
    // Copied whole, because an array that grows has room for 17 parts.
    const key = this.#keyTemplate.slice();
    key[key.length - 1] = this.definition.scope === "device" ? deviceKey(user) : user.id;
    return key;
  }
}

/** The session as loaded for one handler. */
export class LoadedSession {
  /** `ctx.session`. */
  readonly value: object;
  readonly #bound: BoundSession;
  readonly #records: Records;
  readonly #key: StorageKey;
  readonly #reading: SessionReading;
  #updated = false;

  /** `reading` is what `bound` read under `key`. */
  constructor(bound: BoundSession, records: Records, key: StorageKey, reading: SessionReading) {
    this.#bound = bound;
    this.#records = records;
    this.#key = key;
    this.#reading = reading;
    this.value = reading.value;
  }

  /** Adds the session to a context. */
  addTo(ctx: object): void {
    const target: Partial<AddedSession> = ctx;
    target.session = this.value;
    // In a variable first: V8 allocates a function that is assigned to a property right away in its old
    // generation, where it keeps all that belongs to the message alive until the next full collection.
    const updateSession = (change: Change) => this.#update(change);
    target.updateSession = updateSession;
  }

  /**
   * Writes the session if the handler has changed it.
   * @throws {SessionConflictError} Another handler has written it in the meantime.
   * @throws {StorageError} It cannot be stored.
   */
  save(): StorageResult<void> {
    const json = jsonText(this.value, "session");
    if (json === this.#reading.json) return undefined;
    if (this.#updated) {
      throw new StorageError(
        "The handler called updateSession and also changed ctx.session; the change to ctx.session is " +
          "lost. Make every change in updateSession.",
      );
    }
    const written = this.#bound.write(this.#records, this.#key, this.#reading.version, json);
    return isPromise(written) ? written.then(assertWritten) : assertWritten(written);
  }

  /**
   * For code that must not change the session, because the change would be lost.
   * @throws {StorageError} `who` has changed it.
   */
  assertUnchanged(who: string): void {
    if (jsonText(this.value, "session") === this.#reading.json) return;
    throw new StorageError(
      `${who} changed the session, but can only read it. Change it in a step with "run", or in "done".`,
    );
  }

  /** See `SessionContext.updateSession`. */
  async #update(change: Change): Promise<object> {
    this.#updated = true;
    for (let tries = 1; tries <= MAX_UPDATE_TRIES; tries++) {
      const reading = await this.#records.read(this.#key);
      const { value: session, json, version } = this.#bound.current(reading);
      // The cast is safe: the session has the type that the definition gives it.
      const changed = jsonText(change(session as never) ?? session, "session");
      if (changed === json) return JSON.parse(json);
      if (await this.#bound.write(this.#records, this.#key, version, changed)) {
        return JSON.parse(changed);
      }
    }
    throw new SessionConflictError(
      `Could not update the session: ${MAX_UPDATE_TRIES} conflicting writes. Let fewer programs write ` +
        "it at the same time.",
    );
  }
}

/** @throws {SessionConflictError} Another handler has written the session in the meantime. */
function assertWritten(written: boolean): void {
  if (written) return;
  throw new SessionConflictError(
    "Another handler wrote the session while this one ran, so this one's changes were not saved. " +
      "In handlers that run for long, change it with updateSession; or handle the channel's messages " +
      'one at a time with order: "channel".',
  );
}

/**
 * Validates the version of a shape; `path` is its path in the definition.
 * @throws {BotDefinitionError} It is not a positive whole number.
 */
export function checkVersion(version: number, path: string): number {
  if (Number.isSafeInteger(version) && version >= 1) return version;
  throw new BotDefinitionError({
    problem: `A version must be a whole number, 1 or more, not ${version}.`,
    path,
  });
}

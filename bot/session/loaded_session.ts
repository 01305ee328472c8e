/**
 * Sessions as the bot runs them: loaded before a handler, written after it.
 * @module
 */
import type { User } from "../../client/mod.ts";
import { deviceKey } from "../context/device_key.ts";
import { readDuration } from "../signature/duration.ts";
import { jsonText } from "../storage/json_text.ts";
import type { KeptRecord, RecordReading, Records } from "../storage/records.ts";
import { StorageError, type StorageKey } from "../storage/storage.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { type AnySessionDefinition, SessionConflictError } from "./session.ts";

/** How often `updateSession` tries. Each time that it fails, someone else has succeeded. */
const UPDATE_TRIES = 1_000;

/** The change that `updateSession` is given, with its types forgotten. */
type Change = (session: never) => object | void;

interface SessionReading {
  /** The session, of whoever reads it alone. */
  readonly value: object;
  /** The same as JSON: it tells whether the value was changed. */
  readonly json: string;
  /** Of what is stored. */
  readonly version: string | undefined;
}

/** The session definition of a bot or a plug-in, checked. */
export class BoundSession {
  /** What it was made of: a group that names the session names this same object. */
  readonly definition: AnySessionDefinition;
  readonly #owner: StorageKey;
  readonly #shape: number;
  readonly #ttl: number | undefined;

  /**
   * `owner` is whose it is, a bot or a plug-in; `path` names the place of the definition.
   * @throws {BotDefinitionError} A part of the definition is out of range.
   */
  constructor(owner: StorageKey, definition: AnySessionDefinition, path: string) {
    const { version = 1, ttl } = definition;
    this.definition = definition;
    this.#owner = owner;
    this.#shape = checkVersion(version, `${path}.version`);
    this.#ttl = ttl === undefined ? undefined : readDuration(ttl, `${path}.ttl`);
  }

  /**
   * Loads the session that a user's message belongs to.
   * @throws {StorageError} What is stored cannot be used; it stays.
   */
  async load(records: Records, user: User): Promise<LoadedSession> {
    const key = this.#keyOf(user);
    return new LoadedSession(this, records, key, this.current(await records.read(key)));
  }

  /** The session of what was read, a new one where there is none, in its shape of today. */
  current({ record, version }: RecordReading): SessionReading {
    if (record?.shape === this.#shape) {
      const { value, json } = record;
      return { value, json, version };
    }
    const { initial } = this.definition;
    const json = jsonText(record === undefined ? initial() : this.#migrated(record), "session");
    return { value: JSON.parse(json), json, version };
  }

  /** Writes a session; false: someone else has written it since it was read. */
  write(
    records: Records,
    key: StorageKey,
    version: string | undefined,
    json: string,
  ): Promise<boolean> {
    return records.write(key, version, { json, shape: this.#shape, ttl: this.#ttl });
  }

  #migrated({ value, shape }: KeptRecord): object {
    const { migrate } = this.definition;
    if (shape < this.#shape && migrate !== undefined) return migrate(value, shape);
    const reason = shape < this.#shape
      ? "the definition says no way to migrate it: add session.migrate"
      : "this bot is older than the one that wrote it: run that one, or a newer one";
    throw new StorageError(
      `The session that is stored has version ${shape}, the bot's has ${this.#shape}, and ${reason}. ` +
        "What is stored stays as it is.",
    );
  }

  #keyOf(user: User): StorageKey {
    const { scope = "channel" } = this.definition;
    return [...this.#owner, "session", scope, scope === "device" ? deviceKey(user) : user.id];
  }
}

/** A session as one handler has it. */
export class LoadedSession {
  /** What the handler gets. */
  readonly value: object;
  readonly #bound: BoundSession;
  readonly #records: Records;
  readonly #key: StorageKey;
  readonly #reading: SessionReading;
  #updated = false;

  /** `reading` is what `bound` has read under `key`. */
  constructor(bound: BoundSession, records: Records, key: StorageKey, reading: SessionReading) {
    this.#bound = bound;
    this.#records = records;
    this.#key = key;
    this.#reading = reading;
    this.value = reading.value;
  }

  /** Adds the session to a context. */
  addTo(ctx: object): void {
    const updateSession = (change: Change) => this.#update(change);
    Object.assign(ctx, { session: this.value, updateSession });
  }

  /**
   * Writes the session if the handler has changed it.
   * @throws {SessionConflictError} Another handler has written it meanwhile.
   * @throws {StorageError} It cannot be kept.
   */
  async save(): Promise<void> {
    const json = jsonText(this.value, "session");
    if (json === this.#reading.json) return;
    if (this.#updated) {
      throw new StorageError(
        "The handler called updateSession and changed ctx.session as well: the latter is lost. " +
          "Make every change in updateSession.",
      );
    }
    if (await this.#bound.write(this.#records, this.#key, this.#reading.version, json)) return;
    throw new SessionConflictError(
      "The session was written by another handler while this one ran, so that what this one changed " +
        "was not saved. Change it with updateSession where handlers take long, or let the messages " +
        'of the channel run one after the other: order: "channel".',
    );
  }

  /**
   * For code that may read the session, and not change it: what it changed would be lost.
   * @throws {StorageError} `who` has changed it.
   */
  refuseChange(who: string): void {
    if (jsonText(this.value, "session") === this.#reading.json) return;
    throw new StorageError(
      `${who} changed the session, which it may only read. Change it in a step with "run", or in "done".`,
    );
  }

  /** See `SessionContext.updateSession`. */
  async #update(change: Change): Promise<object> {
    this.#updated = true;
    for (let tries = 1; tries <= UPDATE_TRIES; tries++) {
      const reading = await this.#records.read(this.#key);
      const { value: session, json, version } = this.#bound.current(reading);
      // The definition's type is that of what was read: see SessionContext.
      const changed = jsonText(change(session as never) ?? session, "session");
      if (changed === json) return JSON.parse(json);
      if (await this.#bound.write(this.#records, this.#key, version, changed)) {
        return JSON.parse(changed);
      }
    }
    throw new SessionConflictError(
      `The session was written by others ${UPDATE_TRIES} times before this update could be: it was ` +
        "given up. Fewer programs at once should write it.",
    );
  }
}

/** The version of a shape in a definition; `path` names its place. */
export function checkVersion(version: number, path: string): number {
  if (Number.isSafeInteger(version) && version >= 1) return version;
  throw new BotDefinitionError({
    problem: `A version is a whole number, 1 or more. This is ${version}.`,
    path,
  });
}

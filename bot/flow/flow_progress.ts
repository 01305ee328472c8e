/**
 * The stored progress of flows: one record per account, for all its devices.
 * @module
 */
import { isJsonObject } from "../../client/base/json.ts";
import type { User } from "../../client/mod.ts";
import { deviceKey } from "../context/device_key.ts";
import { jsonText } from "../storage/json_text.ts";
import type { RecordReading, Records } from "../storage/records.ts";
import { StorageError, type StorageKey } from "../storage/storage.ts";

/** The version of the stored format. */
const SHAPE = 1;

/** The limit of attempts to write. Every conflict means that another write succeeded. */
const WRITE_TRIES = 1_000;

/** The progress of one device's flow. */
export interface Progress {
  /** The device: its account and display name. */
  readonly user: User;
  /** The name of the flow. */
  readonly flow: string;
  /** The version of its definition. */
  readonly version: number;
  /** Identifies this run of the flow. */
  readonly id: string;
  /** The number of steps taken; with `asked`, it identifies each write of a run. */
  readonly count: number;
  /** The current step; null at the end. */
  readonly step: string | null;
  /** The final message, if a step ended the flow; otherwise null. */
  readonly end: string | null;
  /** Whether the current step's question was sent. */
  readonly asked: boolean;
  readonly state: Readonly<Record<string, unknown>>;
  /** The id of the latest answer, so that it counts only once; null before the first. */
  readonly message: string | null;
  /** The handle of the run's questions; null before the first. Older versions stored none. */
  readonly handle?: string | null;
  /** The deadline for an answer, milliseconds since 1970; null for none. */
  readonly until: number | null;
}

/** Reads and writes the progress of a bot's flows. */
export class FlowProgress {
  readonly #bot: string;

  /** `bot` is the bot's name. */
  constructor(bot: string) {
    this.#bot = bot;
  }

  /** Reads the progress of all flows of an account. */
  async all(records: Records, accountId: string): Promise<readonly Progress[]> {
    return [...progressOf(await records.read(this.#keyOf(accountId))).values()];
  }

  /** Reads the progress of a device's flow; undefined if it has none. */
  async get(records: Records, user: User): Promise<Progress | undefined> {
    return await this.getFirst(records, [user]);
  }

  /** Reads the progress of the first of an account's devices that has a flow. */
  async getFirst(
    records: Records,
    users: readonly [User, ...User[]],
  ): Promise<Progress | undefined> {
    const devices = progressOf(await records.read(this.#keyOf(users[0].id)));
    for (const user of users) {
      const progress = devices.get(deviceKey(user));
      if (progress !== undefined) return progress;
    }
    return undefined;
  }

  /**
   * Replaces the progress of a device's flow; undefined as `after` deletes it. Returns false, and
   * writes nothing, if the stored progress is no longer `before`.
   * @throws {StorageError} The flows of the account exceed the size of a value, or are not JSON.
   */
  async replace(
    records: Records,
    user: User,
    before: Progress | undefined,
    after: Progress | undefined,
  ): Promise<boolean> {
    const key = this.#keyOf(user.id);
    const device = deviceKey(user);
    if (after !== undefined) jsonText(after.state, "state");
    for (let tries = 1; tries <= WRITE_TRIES; tries++) {
      const reading = await records.read(key);
      const devices = progressOf(reading);
      if (!isSame(devices.get(device), before)) return false;
      if (after === undefined) devices.delete(device);
      else devices.set(device, after);
      const json = jsonText({ devices: Object.fromEntries(devices) }, "flows");
      const { version } = reading;
      const written = devices.size === 0 && version !== undefined
        ? await records.delete(key, version)
        : await records.write(key, version, { json, shape: SHAPE });
      if (written) return true;
    }
    throw new StorageError(
      `Could not save the flow's progress: ${WRITE_TRIES} conflicting writes.`,
    );
  }

  #keyOf(accountId: string): StorageKey {
    return [this.#bot, "flows", accountId];
  }
}

function isSame(one: Progress | undefined, other: Progress | undefined): boolean {
  return one?.id === other?.id && one?.count === other?.count && one?.asked === other?.asked;
}

function progressOf({ record }: RecordReading): Map<string, Progress> {
  if (record === undefined) return new Map();
  const { devices } = record.value;
  const entries = isJsonObject(devices) ? Object.entries(devices) : undefined;
  if (record.shape === SHAPE && entries?.every(isEntry)) return new Map(entries);
  throw new StorageError(
    "The stored progress of the bot's flows has an unsupported format, and was not changed. Run the " +
      "version of the package that wrote it, or give the bot another storage.",
  );
}

function isEntry(entry: [string, unknown]): entry is [string, Progress] {
  return isProgress(entry[1]);
}

function isProgress(value: unknown): value is Progress {
  return isJsonObject(value) && isUser(value.user) && typeof value.flow === "string" &&
    typeof value.version === "number" && typeof value.id === "string" &&
    typeof value.count === "number" && isTextOrNull(value.step) && isTextOrNull(value.end) &&
    typeof value.asked === "boolean" && isJsonObject(value.state) && isTextOrNull(value.message) &&
    (value.handle === undefined || isTextOrNull(value.handle)) &&
    (value.until === null || typeof value.until === "number");
}

function isUser(value: unknown): value is User {
  return isJsonObject(value) && typeof value.id === "string" && typeof value.email === "string" &&
    isTextOrNull(value.display_name);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

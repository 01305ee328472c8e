/**
 * Where the flows of an account stand, as it is kept: one record for all of its devices.
 * @module
 */
import { isJsonObject } from "../../client/base/json.ts";
import type { User } from "../../client/mod.ts";
import { deviceKey } from "../context/device_key.ts";
import { jsonText } from "../storage/json_text.ts";
import type { RecordReading, Records } from "../storage/records.ts";
import { StorageError, type StorageKey } from "../storage/storage.ts";

/** The version of the shape of {@linkcode Progress}. */
const SHAPE = 1;

/** How often a write is tried that others are faster than: each time, one of them has succeeded. */
const WRITE_TRIES = 1_000;

/** Where one device's flow stands. */
export interface Progress {
  /** Whose device it is. */
  readonly user: User;
  /** The flow's name. */
  readonly flow: string;
  /** The version of its definition. */
  readonly version: number;
  /** Tells this run of the flow from all others. */
  readonly id: string;
  /** How many steps it has made: two writes of one run never have the same, unless `asked` differs. */
  readonly count: number;
  /** The step that it is at; null at the end. */
  readonly step: string | null;
  /** The last words, where a step has ended it. */
  readonly end: string | null;
  /** Whether the step's question is known to have been sent. */
  readonly asked: boolean;
  readonly state: Readonly<Record<string, unknown>>;
  /** The id of the message that was answered with last: it counts once. */
  readonly message: string | null;
  /** From when on an answer is too late, milliseconds since 1970. */
  readonly until: number | null;
}

/** Reads and writes what is kept of a bot's flows. */
export class FlowProgress {
  readonly #bot: string;

  /** `bot` is the bot's name. */
  constructor(bot: string) {
    this.#bot = bot;
  }

  /** Where every flow of an account stands. */
  async all(records: Records, accountId: string): Promise<readonly Progress[]> {
    return [...progressOf(await records.read(this.#keyOf(accountId))).values()];
  }

  /** Where a device's flow stands; undefined where it has none. */
  async get(records: Records, user: User): Promise<Progress | undefined> {
    return progressOf(await records.read(this.#keyOf(user.id))).get(deviceKey(user));
  }

  /**
   * Writes where a device's flow stands, in place of what was read; undefined ends it. False: it has
   * moved on meanwhile, and nothing was written.
   * @throws {StorageError} The flows of the account are more than one key holds, or no JSON.
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
      `Where a flow stands could not be written: others were faster ${WRITE_TRIES} times.`,
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
    "What is kept of the bot's flows was not written by this version of the package: it is left as " +
      "it is. Run the version that wrote it, or give the bot another storage.",
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
    (value.until === null || typeof value.until === "number");
}

function isUser(value: unknown): value is User {
  return isJsonObject(value) && typeof value.id === "string" && typeof value.email === "string" &&
    isTextOrNull(value.display_name);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

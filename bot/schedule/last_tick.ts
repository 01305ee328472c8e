/**
 * Keeps when a schedule last ran, so that a bot that was down knows what it missed.
 * @module
 */
import type { Records } from "../storage/records.ts";
import type { StorageKey } from "../storage/storage.ts";

/** The last time of one schedule, in the storage. */
export class LastTick {
  readonly #records: Records;
  readonly #key: StorageKey;

  /** A schedule's last time is under a key of its own. */
  constructor(records: Records, key: StorageKey) {
    this.#records = records;
    this.#key = key;
  }

  /** When it last ran, milliseconds since 1970; `now`, which is kept, where it never did. */
  async read(now: number): Promise<number> {
    const { record } = await this.#records.read(this.#key);
    const last = record?.value.time;
    if (typeof last === "number") return last;
    await this.claim(now);
    return now;
  }

  /** Notes that it runs now; false: another process of the same bot has done so meanwhile. */
  async claim(now: number): Promise<boolean> {
    const { record, version } = await this.#records.read(this.#key);
    const last = record?.value.time;
    if (typeof last === "number" && last >= now) return false;
    return await this.#records.write(this.#key, version, { json: `{"time":${now}}`, shape: 1 });
  }
}

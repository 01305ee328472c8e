/**
 * Stores when a schedule last ran, so that a bot that was down knows whether it missed a tick.
 * @module
 */
import type { Records } from "../storage/records.ts";
import type { StorageKey } from "../storage/storage.ts";

/** The stored time of a schedule's last tick. */
export class LastTick {
  readonly #records: Records;
  readonly #key: StorageKey;

  /** `key` is unique to the schedule. */
  constructor(records: Records, key: StorageKey) {
    this.#records = records;
    this.#key = key;
  }

  /** When the schedule last ran, milliseconds since 1970. If it never did, stores and returns `now`. */
  async read(now: number): Promise<number> {
    const { record } = await this.#records.read(this.#key);
    const last = record?.value.time;
    if (typeof last === "number") return last;
    await this.claim(now);
    return now;
  }

  /** Stores that it runs now; returns false if another process of the same bot did so first. */
  async claim(now: number): Promise<boolean> {
    const { record, version } = await this.#records.read(this.#key);
    const last = record?.value.time;
    if (typeof last === "number" && last >= now) return false;
    return await this.#records.write(this.#key, version, { json: `{"time":${now}}`, shape: 1 });
  }
}

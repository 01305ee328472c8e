/**
 * Stores when a schedule last ran, so that a bot that was down knows whether it missed a tick, and so that
 * one of several processes runs each tick.
 * @module
 */
import type { Records } from "../storage/records.ts";
import type { StorageKey } from "../storage/storage.ts";
import { isCredible, type Timetable } from "./timetable.ts";

/** The stored time of a schedule's last tick. Times are milliseconds since 1970. */
export class LastTick {
  readonly #records: Records;
  readonly #key: StorageKey;
  readonly #timetable: Timetable;

  /** `key` is unique to the schedule. */
  constructor(records: Records, key: StorageKey, timetable: Timetable) {
    this.#records = records;
    this.#key = key;
    this.#timetable = timetable;
  }

  /**
   * When the schedule last ran. If it never did, or at a time that is not credible (`distrusted` is
   * called), stores and returns `now`.
   */
  async read(now: number, distrusted: (time: number) => void): Promise<number> {
    const { time, version } = await this.#stored();
    if (time !== undefined && isCredible(time, now, this.#timetable)) return time;
    if (time !== undefined) distrusted(time);
    await this.#store(now, version);
    return now;
  }

  /**
   * Stores that the tick at `due` runs, with all those before `now`; returns false if another process of
   * the same bot did so first. What is compared is when the tick was due: the clocks of the processes
   * may differ.
   */
  async claim(due: number, now: number): Promise<boolean> {
    const { time, version } = await this.#stored();
    const isClaimed = time !== undefined && time >= due && isCredible(time, now, this.#timetable);
    return !isClaimed && await this.#store(Math.max(due, now), version);
  }

  async #stored(): Promise<{ time: number | undefined; version: string | undefined }> {
    const { record, version } = await this.#records.read(this.#key);
    const time = record?.value.time;
    return { time: typeof time === "number" ? time : undefined, version };
  }

  async #store(time: number, version: string | undefined): Promise<boolean> {
    return await this.#records.write(this.#key, version, { json: `{"time":${time}}`, shape: 1 });
  }
}

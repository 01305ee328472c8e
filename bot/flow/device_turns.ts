/**
 * Turns of flows that another device may start. The queue of a running bot orders the messages of one
 * device; this keeps the start by one device and an early answer of the other apart.
 * @module
 */
import type { RoomContext } from "../context/context.ts";
import { deviceKey } from "../context/device_key.ts";
import type { Records } from "../storage/records.ts";

/** The turns of all devices, for every run of a bot: runs have records of their own. */
export class DeviceTurns {
  /** For each device, the end of the last turn. */
  readonly #ends = new WeakMap<Records, Map<string, Promise<void>>>();

  /**
   * Runs `task` after the earlier ones of the context's device. A task whose signal has aborted does
   * not hold up the next one.
   */
  async run<T>(ctx: RoomContext, records: Records, task: () => Promise<T>): Promise<T> {
    let ends = this.#ends.get(records);
    if (ends === undefined) {
      ends = new Map();
      this.#ends.set(records, ends);
    }
    const key = deviceKey(ctx.user);
    const turn = (ends.get(key) ?? Promise.resolve()).then(task);
    const { promise: end, resolve } = Promise.withResolvers<void>();
    ends.set(key, end);
    const release = () => resolve();
    ctx.signal.addEventListener("abort", release);
    if (ctx.signal.aborted) release();
    try {
      return await turn;
    } finally {
      ctx.signal.removeEventListener("abort", release);
      release();
      if (ends.get(key) === end) ends.delete(key);
    }
  }
}

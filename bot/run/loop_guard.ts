/**
 * Stops two bots that answer each other: a device that calls the bot faster than a person could, or
 * longer, is ignored until it has been silent for a while. One message that is not answered ends such
 * a loop; a person has to wait a moment.
 * @module
 */
import { EvictingMap } from "../context/evicting_map.ts";

/** What to do with a call: take it, take it no more and say so, or ignore it. */
export type Verdict = "take" | "warn" | "ignore";

/** How often a device may call the bot. */
export interface CallRate {
  /** How many calls of one device are taken within a window. */
  readonly limit: number;
  /** The window, milliseconds; a device that is ignored must be silent as long. */
  readonly window: number;
}

interface Device {
  /** When its latest calls came, oldest first; `LASTING.limits` times the limit at most. */
  readonly calls: number[];
  ignored: boolean;
}

// A loop that is slower than the rate is told by its length: 100 calls in an hour, by default.
const LASTING = { limits: 5, windows: 360 };

/** Counts the calls of every device. */
export class LoopGuard {
  readonly #rate: CallRate;
  readonly #now: () => number;
  readonly #devices: EvictingMap<Device>;

  /** `now` is a clock in milliseconds that never goes back. */
  constructor(rate: CallRate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#devices = new EvictingMap<Device>(
      () => ({ calls: [], ignored: false }),
      ({ calls }, now) => now - (calls.at(-1) ?? 0) >= rate.window,
    );
  }

  /** Counts a call, and says what to do with it. */
  check(key: string): Verdict {
    const { limit, window } = this.#rate;
    const now = this.#now();
    const device = this.#devices.get(key, now);
    const { calls } = device;
    const latest = calls.at(-1);
    if (device.ignored && latest !== undefined && now - latest >= window) {
      device.ignored = false;
      calls.length = 0;
    }
    const isSince = (count: number, length: number) => {
      const call = calls.at(-count);
      return call !== undefined && now - call < length;
    };
    const lasting = LASTING.limits * limit;
    const full = isSince(limit, window) || isSince(lasting, LASTING.windows * window);
    if (calls.length === lasting) calls.shift();
    calls.push(now);
    if (device.ignored) return "ignore";
    device.ignored = full;
    return full ? "warn" : "take";
  }
}

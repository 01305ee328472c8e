/**
 * Stops loops of two bots that reply to each other. A device that calls the bot faster or longer than
 * a person could is ignored until it has been silent for a while. In a loop, one ignored message is
 * enough to end it; a person only has to wait a moment.
 * @module
 */
import { EvictingMap } from "../context/evicting_map.ts";

/** What to do with a call: accept it, reject it with a warning, or ignore it. */
export type Verdict = "take" | "warn" | "ignore";

/** How often a device may call the bot. */
export interface CallRate {
  /** The number of calls that are accepted from a device within a window. */
  readonly limit: number;
  /** The window, milliseconds; also how long an ignored device must be silent. */
  readonly window: number;
}

interface Device {
  /** The times of its latest calls, oldest first; at most `SUSTAINED.limits` times the limit. */
  readonly calls: number[];
  ignored: boolean;
}

// A loop slower than the rate is detected by its total: 100 calls in an hour, by default.
const SUSTAINED = { limits: 5, windows: 360 };

function newDevice(): Device {
  return { calls: [], ignored: false };
}

/** Counts the calls of every device. */
export class LoopGuard {
  readonly #rate: CallRate;
  readonly #now: () => number;
  readonly #devices: EvictingMap<Device>;

  /** `now` is a monotonic clock, in milliseconds. */
  constructor(rate: CallRate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#devices = new EvictingMap<Device>(
      newDevice,
      ({ calls }, now) => now - (calls.at(-1) ?? 0) >= rate.window,
    );
  }

  /** Counts a call and decides what to do with it. */
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
    const reached = (count: number, period: number) => {
      const call = calls.at(-count);
      return call !== undefined && now - call < period;
    };
    const sustained = SUSTAINED.limits * limit;
    const exceeded = reached(limit, window) || reached(sustained, SUSTAINED.windows * window);
    if (calls.length === sustained) calls.shift();
    calls.push(now);
    if (device.ignored) return "ignore";
    device.ignored = exceeded;
    return exceeded ? "warn" : "take";
  }
}

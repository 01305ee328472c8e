/**
 * Stops two bots that answer each other: a device that calls the bot faster than a person could is
 * ignored until it has been silent for a while.
 * @module
 */

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
  /** When its latest calls came, oldest first; as many as the limit at most. */
  readonly calls: number[];
  ignored: boolean;
}

// Past so many devices, those that are silent are forgotten: names are free to make up.
const MANY_DEVICES = 1_000;

/** Counts the calls of every device. */
export class LoopGuard {
  readonly #rate: CallRate;
  readonly #now: () => number;
  readonly #devices = new Map<string, Device>();

  /** `now` is a clock in milliseconds that never goes back. */
  constructor(rate: CallRate, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Counts a call, and says what to do with it. */
  check(key: string): Verdict {
    const { limit, window } = this.#rate;
    const now = this.#now();
    const device = this.#devices.get(key) ?? this.#add(key, now);
    const { calls } = device;
    const latest = calls.at(-1);
    const oldest = calls[0];
    if (device.ignored && latest !== undefined && now - latest >= window) {
      device.ignored = false;
      calls.length = 0;
    }
    const full = calls.length === limit && oldest !== undefined && now - oldest < window;
    if (calls.length === limit) calls.shift();
    calls.push(now);
    if (device.ignored) return "ignore";
    device.ignored = full;
    return full ? "warn" : "take";
  }

  #add(key: string, now: number): Device {
    if (this.#devices.size >= MANY_DEVICES) {
      for (const [other, { calls }] of this.#devices) {
        if (now - (calls.at(-1) ?? 0) >= this.#rate.window) this.#devices.delete(other);
      }
    }
    const device: Device = { calls: [], ignored: false };
    this.#devices.set(key, device);
    return device;
  }
}

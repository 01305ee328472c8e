/**
 * Stops two bots that answer each other: a device that calls the bot faster than a person could, or
 * longer, is ignored until it has been silent for a while. One message that is not answered ends such
 * a loop; a person has to wait a moment.
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
  /** When its latest calls came, oldest first; `LASTING.limits` times the limit at most. */
  readonly calls: number[];
  ignored: boolean;
}

// A loop that is slower than the rate is told by its length: 100 calls in an hour, by default.
const LASTING = { limits: 5, windows: 360 };

// Past so many devices, those that are silent are forgotten: names are free to make up.
const MANY_DEVICES = 1_000;

/** Counts the calls of every device. */
export class LoopGuard {
  readonly #rate: CallRate;
  readonly #now: () => number;
  readonly #devices = new Map<string, Device>();
  /** How many devices there are when it looks for silent ones again. */
  #many = MANY_DEVICES;

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

  #add(key: string, now: number): Device {
    if (this.#devices.size >= this.#many) {
      for (const [other, { calls }] of this.#devices) {
        if (now - (calls.at(-1) ?? 0) >= this.#rate.window) this.#devices.delete(other);
      }
      // Looking at all of them for every new one would take the square of their number.
      this.#many = Math.max(MANY_DEVICES, 2 * this.#devices.size);
    }
    const device: Device = { calls: [], ignored: false };
    this.#devices.set(key, device);
    return device;
  }
}

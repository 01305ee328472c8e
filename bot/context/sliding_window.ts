/**
 * A sliding-window rate limiter with one window per key.
 * @module
 */
import { EvictingMap } from "./evicting_map.ts";

/**
 * Whether an event is admitted. If not, `wait` is how many milliseconds until one is, and `first`
 * whether it is the first refusal since the last admission.
 */
export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly wait: number; readonly first: boolean };

interface KeyState {
  /** When the latest events were admitted, oldest first; never longer than the limit. */
  readonly times: number[];
  /** Whether an event was refused since the last one admitted. */
  refusing: boolean;
}

/** Admits at most `limit` events per key within any window. */
export class SlidingWindow {
  readonly #limit: number;
  readonly #length: number;
  readonly #keys: EvictingMap<KeyState>;

  /** `length` is the window in milliseconds. */
  constructor(limit: number, length: number) {
    this.#limit = limit;
    this.#length = length;
    this.#keys = new EvictingMap<KeyState>(
      () => ({ times: [], refusing: false }),
      ({ times }, now) => now - (times.at(-1) ?? 0) >= length,
    );
  }

  /** Admits or refuses an event. `now` must be monotonic. Refused events do not count. */
  admit(key: string, now: number): Admission {
    const state = this.#keys.get(key, now);
    const { times } = state;
    const oldest = times[0];
    if (times.length === this.#limit && oldest !== undefined) {
      const wait = oldest + this.#length - now;
      if (wait > 0) {
        const first = !state.refusing;
        state.refusing = true;
        return { admitted: false, wait, first };
      }
      times.shift();
    }
    times.push(now);
    state.refusing = false;
    return { admitted: true };
  }
}

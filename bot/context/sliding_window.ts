/**
 * Counts how often something happened lately, for many keys at a time.
 * @module
 */

// From so many keys on those of long ago are forgotten: names are free to make up.
const MANY_KEYS = 1_000;

/** Whether an event is taken; if not, in how many milliseconds one is, and whether it is the first. */
export type Taking =
  | { readonly taken: true }
  | { readonly taken: false; readonly wait: number; readonly first: boolean };

interface Key {
  /** When the latest events were taken, oldest first; as many as the limit at most. */
  readonly times: number[];
  /** Whether one was refused since. */
  refusing: boolean;
}

/** Takes so many events of one key within any stretch of time of one length. */
export class SlidingWindow {
  readonly #limit: number;
  readonly #length: number;
  readonly #keys = new Map<string, Key>();
  /** How many keys there are when it looks for old ones again. */
  #many = MANY_KEYS;

  /** `length` is in milliseconds. */
  constructor(limit: number, length: number) {
    this.#limit = limit;
    this.#length = length;
  }

  /** Takes an event at the time `now`, which never goes back; one that is refused does not count. */
  take(key: string, now: number): Taking {
    const state = this.#keys.get(key) ?? this.#add(key, now);
    const { times } = state;
    const oldest = times[0];
    if (times.length === this.#limit && oldest !== undefined) {
      const wait = oldest + this.#length - now;
      if (wait > 0) {
        const first = !state.refusing;
        state.refusing = true;
        return { taken: false, wait, first };
      }
      times.shift();
    }
    times.push(now);
    state.refusing = false;
    return { taken: true };
  }

  #add(key: string, now: number): Key {
    if (this.#keys.size >= this.#many) {
      for (const [other, { times }] of this.#keys) {
        if (now - (times.at(-1) ?? 0) >= this.#length) this.#keys.delete(other);
      }
      // Looking at all of them for every new one would take the square of their number.
      this.#many = Math.max(MANY_KEYS, 2 * this.#keys.size);
    }
    const state: Key = { times: [], refusing: false };
    this.#keys.set(key, state);
    return state;
  }
}

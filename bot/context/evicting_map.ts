/**
 * A map that bounds its memory by dropping idle entries. Its keys are device names, and anyone can
 * make up as many of those as they like.
 * @module
 */

/** Nothing is evicted while there are fewer entries than this. */
const EVICTION_THRESHOLD = 1_000;

/** State by key. Once there are many entries, adding one drops those that are idle. */
export class EvictingMap<V> {
  readonly #create: () => V;
  readonly #isIdle: (value: V, now: number) => boolean;
  readonly #entries = new Map<string, V>();
  /** How many entries trigger the next scan for idle ones. */
  #scanAt = EVICTION_THRESHOLD;

  /** `create` makes the value of a new key; an entry for which `isIdle` returns true may be dropped. */
  constructor(create: () => V, isIdle: (value: V, now: number) => boolean) {
    this.#create = create;
    this.#isIdle = isIdle;
  }

  /** The value of a key, created if there is none. */
  get(key: string, now: number): V {
    return this.#entries.get(key) ?? this.#add(key, now);
  }

  #add(key: string, now: number): V {
    if (this.#entries.size >= this.#scanAt) {
      for (const [other, value] of this.#entries) {
        if (this.#isIdle(value, now)) this.#entries.delete(other);
      }
      // Scanning on every insert would take quadratic time; doubling keeps it linear overall.
      this.#scanAt = Math.max(EVICTION_THRESHOLD, 2 * this.#entries.size);
    }
    const value = this.#create();
    this.#entries.set(key, value);
    return value;
  }
}

/**
 * Remembers recent message ids, to detect duplicates.
 * @module
 */

const BUCKETS = 1_024;

/**
 * A bounded set of the latest ids: a hash table of linked lists in a ring buffer. A `Set` would be
 * simpler, but it interns every string, although nearly all are seen once; that took a quarter of the
 * time from a message to the end of its handler.
 */
export class RecentIds {
  readonly #limit: number;
  /** A ring buffer: id number n, counted from 1, is at index n modulo the limit. */
  readonly #ids: string[];
  /** For each id, the number of the previous id in the same bucket; 0 if there is none. */
  readonly #previous: Float64Array;
  /** For each bucket, the number of its latest id. */
  readonly #latest = new Float64Array(BUCKETS);
  #count = 0;

  /** `limit` is the number of ids to remember. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#ids = Array.from({ length: limit }, () => "");
    this.#previous = new Float64Array(limit);
  }

  /** Adds an id, which may evict the oldest; returns false if it is already in the set. */
  add(id: string): boolean {
    const bucket = bucketOf(id);
    const latest = this.#latest[bucket] ?? 0;
    const forgotten = Math.max(0, this.#count - this.#limit);
    for (let n = latest; n > forgotten; n = this.#previous[n % this.#limit] ?? 0) {
      if (this.#ids[n % this.#limit] === id) return false;
    }
    const number = ++this.#count;
    this.#ids[number % this.#limit] = id;
    this.#previous[number % this.#limit] = latest;
    this.#latest[bucket] = number;
    return true;
  }
}

/** Hashes the end of an id: both random ids and counters differ there. */
function bucketOf(id: string): number {
  let hash = 0;
  for (let at = Math.max(0, id.length - 8); at < id.length; at++) {
    hash = (hash * 31 + id.charCodeAt(at)) | 0;
  }
  return hash & (BUCKETS - 1);
}

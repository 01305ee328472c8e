/**
 * Remembers recent message ids, to detect duplicates.
 * @module
 */

/** The number of buckets at first, and at most; powers of two. */
const FEW_BUCKETS = 16;
const MANY_BUCKETS = 1_024;

/**
 * A bounded set of the latest ids: a hash table of linked lists in a ring buffer. A `Set` would be
 * simpler, but it interns every string, although nearly all are seen once; that took a quarter of the
 * time from a message to the end of its handler. It grows with what it holds: a process may have
 * thousands of these, most of them for rooms in which little is said.
 */
export class RecentIds {
  readonly #limit: number;
  /** A ring buffer, once it is full: id number n, counted from 1, is at index n - 1 modulo the limit. */
  readonly #ids: string[] = [];
  /** For each id, the number of the previous id in the same bucket; 0 if there is none. */
  readonly #previous: number[] = [];
  /** For each bucket, the number of its latest id. */
  #latest: number[] = newBuckets(FEW_BUCKETS);
  #count = 0;

  /** `limit` is the number of ids to remember. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds an id, which may evict the oldest; returns false if it is already in the set. */
  add(id: string): boolean {
    const bucket = hashOf(id) & (this.#latest.length - 1);
    const latest = this.#latest[bucket] ?? 0;
    const forgotten = Math.max(0, this.#count - this.#limit);
    for (let n = latest; n > forgotten; n = this.#previous[(n - 1) % this.#limit] ?? 0) {
      if (this.#ids[(n - 1) % this.#limit] === id) return false;
    }
    const number = ++this.#count;
    const index = (number - 1) % this.#limit;
    this.#ids[index] = id;
    this.#previous[index] = latest;
    this.#latest[bucket] = number;
    if (number > this.#latest.length && this.#latest.length < MANY_BUCKETS) this.#grow();
    return true;
  }

  /** Makes more buckets, so that each holds about one id. */
  #grow(): void {
    const latest = newBuckets(Math.min(8 * this.#latest.length, MANY_BUCKETS));
    this.#latest = latest;
    const first = Math.max(0, this.#count - this.#limit);
    for (let n = first + 1; n <= this.#count; n++) {
      const index = (n - 1) % this.#limit;
      const bucket = hashOf(this.#ids[index] ?? "") & (latest.length - 1);
      this.#previous[index] = latest[bucket] ?? 0;
      latest[bucket] = n;
    }
  }
}

function newBuckets(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}

/** Hashes the end of an id: both random ids and counters differ there. */
function hashOf(id: string): number {
  let hash = 0;
  for (let at = Math.max(0, id.length - 8); at < id.length; at++) {
    hash = (hash * 31 + id.charCodeAt(at)) | 0;
  }
  return hash;
}

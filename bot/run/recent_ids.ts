/**
 * Remembers the messages of late, to tell one that comes twice.
 * @module
 */

const BUCKETS = 1_024;

/**
 * The latest ids, as many as a bound allows. A `Set` would do: it interns every id, though nearly all
 * come once, and that took a quarter of the time from a message to the end of its handler.
 */
export class RecentIds {
  readonly #limit: number;
  /** The ids are numbered from 1; each is where its number says, in the place of the oldest. */
  readonly #ids: string[];
  /** The number of the id before it in the same bucket; 0 where there is none. */
  readonly #before: Float64Array;
  /** The number of the latest id in every bucket. */
  readonly #latest = new Float64Array(BUCKETS);
  #count = 0;

  /** `limit` is how many are remembered. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#ids = Array.from({ length: limit }, () => "");
    this.#before = new Float64Array(limit);
  }

  /** Remembers an id in the place of the oldest; false: it is remembered already. */
  add(id: string): boolean {
    const bucket = bucketOf(id);
    const latest = this.#latest[bucket] ?? 0;
    const forgotten = Math.max(0, this.#count - this.#limit);
    for (let n = latest; n > forgotten; n = this.#before[n % this.#limit] ?? 0) {
      if (this.#ids[n % this.#limit] === id) return false;
    }
    const number = ++this.#count;
    this.#ids[number % this.#limit] = id;
    this.#before[number % this.#limit] = latest;
    this.#latest[bucket] = number;
    return true;
  }
}

/** Ids differ at their ends, whether they are random or count up. */
function bucketOf(id: string): number {
  let hash = 0;
  for (let at = Math.max(0, id.length - 8); at < id.length; at++) {
    hash = (hash * 31 + id.charCodeAt(at)) | 0;
  }
  return hash & (BUCKETS - 1);
}

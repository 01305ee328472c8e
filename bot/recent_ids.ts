/**
 * Remembers the messages of late, to tell one that comes twice.
 * @module
 */

/** The latest ids, as many as a bound allows. */
export class RecentIds {
  readonly #limit: number;
  readonly #ids = new Set<string>();
  /** The same ids in order of arrival: a set takes ever longer to find the first that is left. */
  readonly #ring: string[] = [];
  /** Where the oldest id is, once the ring is full. */
  #next = 0;

  /** `limit` is how many are remembered. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Remembers an id in the place of the oldest; false: it is remembered already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    const oldest = this.#ring[this.#next];
    if (oldest !== undefined) this.#ids.delete(oldest);
    this.#ring[this.#next] = id;
    this.#next = (this.#next + 1) % this.#limit;
    this.#ids.add(id);
    return true;
  }
}

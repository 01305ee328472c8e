/**
 * Remembers the messages of late, to tell one that comes twice.
 * @module
 */

/** The latest ids, as many as a bound allows. */
export class RecentIds {
  readonly #limit: number;
  readonly #ids = new Set<string>();

  /** `limit` is how many are remembered. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Remembers an id in the place of the oldest; false: it is remembered already. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    if (this.#ids.size >= this.#limit) {
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest);
        break;
      }
    }
    this.#ids.add(id);
    return true;
  }
}

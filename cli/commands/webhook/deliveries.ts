/**
 * Says what is delivered several times only once.
 * @module
 */

/** How many deliveries are remembered. */
const REMEMBERED = 1_000;

/** The deliveries that were said, by the ids that their sender gave them. */
export class Deliveries {
  readonly #said = new Set<string>();
  readonly #pending = new Map<string, Promise<boolean>>();

  /**
   * Calls `say`, unless this delivery was said already or is being said. Returns whether it has been
   * said; after a failure it can be delivered again.
   */
  async once(id: string, say: () => Promise<boolean>): Promise<boolean> {
    if (this.#said.has(id)) return true;
    const saying = this.#pending.get(id) ?? say();
    this.#pending.set(id, saying);
    try {
      const said = await saying;
      if (said) this.#remember(id);
      return said;
    } finally {
      this.#pending.delete(id);
    }
  }

  #remember(id: string): void {
    this.#said.add(id);
    const [oldest] = this.#said;
    if (this.#said.size > REMEMBERED && oldest !== undefined) this.#said.delete(oldest);
  }
}

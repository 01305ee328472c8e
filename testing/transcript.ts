/**
 * A human-readable record of what happened in a room.
 * @module
 */
import type { Clock } from "../bot/mod.ts";

interface Entry {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly who: string;
  readonly what: string;
}

/** Records who did what, and when. */
export class Transcript {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #entries: Entry[] = [];

  /** `clock` provides the times. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Adds an entry. */
  add(who: string, what: string): void {
    this.#entries.push({ at: this.#clock.monotonic(), who, what });
  }

  /** One line per entry: seconds, who, what. */
  toString(): string {
    const when = this.#entries.map(({ at }) => `${(at / 1_000).toFixed(3)}s`);
    const whenWidth = Math.max(0, ...when.map((text) => text.length));
    const whoWidth = Math.max(0, ...this.#entries.map(({ who }) => who.length));
    return this.#entries.map(({ who, what }, index) => {
      const head = `${(when[index] ?? "").padStart(whenWidth)}  ${who.padEnd(whoWidth)}  `;
      return head + what.replaceAll("\n", `\n${" ".repeat(head.length)}`);
    }).join("\n");
  }
}

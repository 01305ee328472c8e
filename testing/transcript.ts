/**
 * What happened in a room, in order, for people to read.
 * @module
 */
import type { Clock } from "../bot/mod.ts";

interface Entry {
  /** Milliseconds since the room began. */
  readonly at: number;
  readonly who: string;
  readonly what: string;
}

/** The story of a room. */
export class Transcript {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #entries: Entry[] = [];

  /** `clock` tells when something happened. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Notes that someone said or did something. */
  add(who: string, what: string): void {
    this.#entries.push({ at: this.#clock.monotonic(), who, what });
  }

  /** A line for each entry: when (seconds), who, what. */
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

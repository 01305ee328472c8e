/**
 * Durations as a definition writes them and as answers tell them: `10s`, `1h30m`.
 * @module
 */
import { BotDefinitionError } from "../text/definition_error.ts";
import { quoted } from "../text/quoted_text.ts";
import { valueTypes } from "./value_types.ts";

/** A length of time: written as people type it (`"90s"`, `"1h30m"`), or milliseconds. */
export type Duration = string | number;

/**
 * The milliseconds of a duration in a definition; `path` names the place.
 * @throws {BotDefinitionError} It is no duration, or not more than zero.
 */
export function readDuration(duration: Duration, path: string): number {
  const reading = typeof duration === "number"
    ? { value: duration }
    : valueTypes.duration.read(duration);
  if ("value" in reading && reading.value > 0 && reading.value < Infinity) return reading.value;
  throw new BotDefinitionError({
    problem: `${quoted(String(duration))} is no length of time: write "90s", "1h30m" or ` +
      "milliseconds, more than 0.",
    path,
  });
}

const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1_000]] as const;

/**
 * A length of time as the type `duration` reads it back: `1h30m`, `7s`. Under a second it is in
 * whole milliseconds, `250ms`; above, in whole seconds; both rounded up.
 *
 * @example Tell a duration
 * ```ts
 * import { defineBot, formatDuration } from "@roomz/roomz/bot";
 *
 * defineBot({
 *   name: "helper",
 *   commands: { "half <time:duration>": ({ args }) => formatDuration(args.time / 2) },
 * });
 * ```
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds <= 999) return `${Math.ceil(milliseconds)}ms`;
  let left = Math.ceil(milliseconds / 1_000) * 1_000;
  let text = "";
  for (const [unit, length] of UNITS) {
    const amount = Math.floor(left / length);
    if (amount > 0) text += `${amount}${unit}`;
    left -= amount * length;
  }
  return text;
}

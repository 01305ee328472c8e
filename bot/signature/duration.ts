/**
 * Durations, as definitions and replies write them: `10s`, `1h30m`.
 * @module
 */
import { BotDefinitionError } from "../text/definition_error.ts";
import { described } from "../text/described.ts";
import { type Check, fits } from "../text/shape.ts";
import { valueTypes } from "./value_types.ts";

/** A duration: written as people type it (`"90s"`, `"1h30m"`), or in milliseconds. */
export type Duration = string | number;

/** The check that a value in a definition is text or a number, before `readDuration` reads it. */
export const durationCheck: Check = fits(
  'text such as "90s" or "1h30m", or a number of milliseconds',
  (value) => typeof value === "string" || typeof value === "number",
);

/**
 * Converts a duration in a definition to milliseconds; `path` is its path in the definition.
 * @throws {BotDefinitionError} It is not a duration, or not positive.
 */
export function readDuration(duration: Duration, path: string): number {
  const length = typeof duration === "number" ? duration : typed(duration);
  if (length > 0 && length < Infinity) return length;
  throw new BotDefinitionError({
    problem: 'A duration must be text such as "90s" or "1h30m", or a number of milliseconds, and ' +
      `more than 0, not ${described(duration)}.`,
    path,
  });
}

/** The milliseconds of a duration as people type it; NaN if it is none. */
function typed(duration: unknown): number {
  const reading = typeof duration === "string" ? valueTypes.duration.read(duration) : undefined;
  return reading !== undefined && "value" in reading ? reading.value : NaN;
}

const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1_000]] as const;

/**
 * Formats a duration so that the type `duration` can parse it: `1h30m`, `7s`. Durations below a second
 * are rounded up to whole milliseconds (`250ms`), longer ones to whole seconds.
 *
 * @example Reply with a duration
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

/**
 * Middleware that writes what a bot is asked, and how that ended, to the bot's log.
 * @module
 */
import { formatDuration } from "../signature/duration.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Writes a line for every message that a handler runs for: the command, the device, and how long it
 * took, replies included. What was said is not in it. The lines are of the level `info`, which the
 * default log leaves out: give `runBot` a `logger`, such as `console`.
 *
 * @example Log every command
 * ```ts
 * import { defineBot, logger } from "@roomz/roomz/bot";
 *
 * defineBot({ name: "helper", use: [logger()], commands: { "ping": "pong" } });
 * // helper: !ping from "laptop": done in 2ms
 * ```
 */
export function logger(): Middleware {
  return async ({ clock, log }, next) => {
    const start = clock.monotonic();
    const told = (how: string) => log.info(`${how} ${formatDuration(clock.monotonic() - start)}`);
    try {
      await next();
    } catch (error) {
      told("failed after");
      throw error;
    }
    told("done in");
  };
}

/**
 * Middleware that logs every handled message, its outcome and its duration.
 * @module
 */
import { formatDuration } from "../signature/duration.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Logs a line for every message that a handler runs for: the command, the device, and how long it
 * took, replies included. The message's text is not logged. The level is `info`, which the default
 * logger discards: pass `runBot` a `logger`, such as `console`.
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
    const logOutcome = (outcome: string) =>
      log.info(`${outcome} ${formatDuration(clock.monotonic() - start)}`);
    try {
      await next();
    } catch (error) {
      logOutcome("failed after");
      throw error;
    }
    logOutcome("done in");
  };
}

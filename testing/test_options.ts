/**
 * The options of the testing kit.
 * @module
 */
import {
  type Bot,
  type BotStorage,
  type CallRate,
  ConfigurationError,
  isBot,
  type ServerRunOptions,
} from "../bot/mod.ts";

/**
 * The options of `testBot`: those of `runBot` and the client that make sense without a server, and
 * those of the room. All are optional.
 */
export interface TestOptions extends
  Omit<
    ServerRunOptions,
    | "server"
    | "token"
    | "signal"
    | "standalone"
    | "waitForServer"
    | "announceExpiry"
    | "logger"
    | "sessionCache"
    | "sessionCacheFile"
  > {
  /** The accounts that the bot runs for; each has its own room. Default: `["me@example.com"]`. */
  readonly accounts?: readonly [string, ...string[]];
  /** The initial time of the clock. Default: 2026-01-01T00:00:00Z. */
  readonly startTime?: string | Date;
  /** Where sessions and flows are stored. Default: a new `MemoryStorage`. */
  readonly storage?: BotStorage;
  /**
   * As for `runBot`, but off by default, because tests send messages much faster than people do.
   */
  readonly loopGuard?: CallRate | false;
  /** How long `device.hears` waits, milliseconds of real time. Default: 5,000. */
  readonly patience?: number;
}

/** The options of `addBot`. The accounts and the clock are those of the room. */
export type AddedBotOptions = Omit<TestOptions, "accounts" | "startTime" | "patience">;

/**
 * Checks that `bot` is a bot; `caller` is for the error.
 * @throws {ConfigurationError} It is not.
 */
export function checkBot(caller: string, bot: Bot): void {
  if (isBot(bot)) return;
  throw new ConfigurationError(
    `${caller} requires a bot made by defineBot of the same version of the package.`,
  );
}

/** Converts a date to milliseconds since 1970. */
export function readDate(date: string | Date): number {
  const time = typeof date === "string" ? Date.parse(date) : date.getTime();
  if (!Number.isNaN(time)) return time;
  throw new ConfigurationError(
    `${JSON.stringify(date)} is not a valid date. Use a format like "2026-01-31T09:00:00Z".`,
  );
}

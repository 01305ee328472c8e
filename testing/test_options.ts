/**
 * What a test may say about the room and the run of its bot.
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
 * How a bot is tested: the options of `runBot` and its client, where they mean something without a
 * server, and those of the room. Every one may be left out.
 */
export interface TestOptions extends
  Omit<
    ServerRunOptions,
    "server" | "token" | "signal" | "standalone" | "logger" | "sessionCache" | "sessionCacheFile"
  > {
  /** Whose bot it is: every address is a channel of its own. Default: `["me@example.com"]`. */
  readonly accounts?: readonly [string, ...string[]];
  /** The date on which the room begins. Default: 2026-01-01T00:00:00Z. */
  readonly startTime?: string | Date;
  /** Where sessions and flows are kept. Default: a new `MemoryStorage`. */
  readonly storage?: BotStorage;
  /**
   * As for `runBot`, but the default is false: a test says more in a moment than people do, and time
   * stands still meanwhile.
   */
  readonly loopGuard?: CallRate | false;
  /** How long `device.hears` waits, in milliseconds of the real time. Default: 5,000. */
  readonly patience?: number;
}

/** How one more bot is run in a room: it has the accounts and the time of the room. */
export type AddedBotOptions = Omit<TestOptions, "accounts" | "startTime" | "patience">;

/**
 * Checks what `taker` is given as a bot.
 * @throws {ConfigurationError} It is none.
 */
export function checkBot(taker: string, bot: Bot): void {
  if (isBot(bot)) return;
  throw new ConfigurationError(
    `${taker} takes what defineBot of the same version of the package returns.`,
  );
}

/** Milliseconds since 1970 of a date. */
export function readDate(date: string | Date): number {
  const time = typeof date === "string" ? Date.parse(date) : date.getTime();
  if (!Number.isNaN(time)) return time;
  throw new ConfigurationError(
    `${JSON.stringify(date)} is no date. Write one like "2026-01-31T09:00:00Z".`,
  );
}

/**
 * The options of running a bot, checked once and filled with their defaults.
 * @module
 */
import { type ClientOptions, ConfigurationError } from "../../client/mod.ts";
import type { BotClient } from "../context/bot_client.ts";
import { type BotLogger, consoleLogger } from "../context/bot_logger.ts";
import { MAX_TIMER_DELAY } from "../context/clock.ts";
import type { SendRate } from "../context/pacer.ts";
import type { BotStorage } from "../storage/storage.ts";
import type { CallRate } from "./loop_guard.ts";

/** How a bot is run, whatever it talks through. Every option may be left out. */
export interface RunSettings {
  /** Stops the bot: what it has begun is finished first, as long as `drainTimeout` allows. */
  readonly signal?: AbortSignal;
  /**
   * Whether the program is this bot and nothing else. Then SIGINT and SIGTERM stop the bot, a
   * second one at once; and a promise that rejects without anyone waiting for it is logged instead
   * of ending the program. Default: false.
   */
  readonly standalone?: boolean;
  /** How long a bot that is stopped may finish what it has begun, milliseconds. Default: 10,000. */
  readonly drainTimeout?: number;
  /**
   * How many messages may wait or run at a time. One more is refused: its sender is told, once until
   * there is room again. Default: 1,000.
   */
  readonly maxPending?: number;
  /**
   * A device that calls the bot more often than this, or five times the limit within 360 windows, is
   * told so once, and ignored until it has been silent for a window: it is taken for a bot that answers
   * this bot's answers, and that ends the loop. A loop that is slower still is not noticed: have one of
   * the bots `ignore` the other. Default: 20 calls in 10,000 ms, and so 100 in an hour; false: no limit.
   */
  readonly loopGuard?: CallRate | false;
  /**
   * The most that the bot says: what goes beyond waits its turn, in order. No more than one message
   * of every handler waits at a time. Default: as fast as the server takes it.
   */
  readonly sendRate?: SendRate;
  /**
   * Where sessions, flows and the times of schedules are kept. Default: Deno's own database for the
   * program; without `--unstable-kv` memory, with a warning when it is first used.
   */
  readonly storage?: BotStorage;
  /** Where the bot and its client tell what they do; `console` fits. Default: problems only. */
  readonly logger?: BotLogger;
}

/** The options for a bot that makes its own connection, those of the client among them. */
export interface ServerRunOptions
  extends RunSettings, Omit<ClientOptions, "displayName" | "logger"> {
  /** The Roomz server's address. */
  readonly server: string | URL;
  /** A magic-link token or a session JWT; may be left out when the session is cached. */
  readonly token?: string;
}

/** The options for a bot that talks through a client of yours. */
export interface ClientRunOptions extends RunSettings {
  /**
   * The client. One that is not connected yet is connected, and disconnected in the end; one that is
   * connected stays so. Its display name becomes the bot's.
   */
  readonly client: BotClient;
}

/** What `runBot` takes besides the bot. */
export type RunOptions = ServerRunOptions | ClientRunOptions;

/** The settings, all known. */
export interface CompleteSettings {
  readonly signal: AbortSignal | undefined;
  readonly standalone: boolean;
  readonly drainTimeout: number;
  readonly maxPending: number;
  readonly loopGuard: CallRate | undefined;
  readonly sendRate: SendRate | undefined;
  readonly storage: BotStorage | undefined;
  readonly logger: BotLogger;
}

/**
 * Checks the settings and fills in the defaults.
 * @throws {ConfigurationError} One is of the wrong kind or out of range.
 */
export function completeSettings(settings: RunSettings): CompleteSettings {
  const {
    signal,
    standalone = false,
    drainTimeout = 10_000,
    maxPending = 1_000,
    loopGuard = { limit: 20, window: 10_000 },
    sendRate,
    storage,
    logger = consoleLogger,
  } = settings;
  const isTimerDelay = drainTimeout >= 0 && drainTimeout <= MAX_TIMER_DELAY;
  check("drainTimeout", isTimerDelay, "milliseconds, 0 or more");
  check("maxPending", isCount(maxPending), "a whole number, 1 or more");
  check(
    "loopGuard",
    loopGuard === false || (isCount(loopGuard.limit) && loopGuard.window > 0),
    "{ limit, window } with a whole number of calls and milliseconds, or false",
  );
  check(
    "sendRate",
    sendRate === undefined || (isCount(sendRate.limit) && sendRate.window > 0),
    "{ limit, window } with a whole number of messages and milliseconds",
  );
  return {
    signal,
    standalone,
    drainTimeout,
    maxPending,
    loopGuard: loopGuard === false ? undefined : loopGuard,
    sendRate,
    storage,
    logger,
  };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function check(option: keyof RunSettings, ok: boolean, expected: string): void {
  if (!ok) throw new ConfigurationError(`The option "${option}" must be ${expected}.`);
}

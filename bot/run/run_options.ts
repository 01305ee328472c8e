/**
 * The options of `runBot`, with validation and defaults.
 * @module
 */
import { MAX_TIMER_DELAY } from "../../client/base/platform.ts";
import { type ClientOptions, ConfigurationError } from "../../client/mod.ts";
import type { BotClient } from "../context/bot_client.ts";
import { type BotLogger, consoleLogger } from "../context/bot_logger.ts";
import type { SendRate } from "../context/pacer.ts";
import type { BotStorage } from "../storage/storage.ts";
import type { BotHealth } from "./health.ts";
import type { Claims } from "./claims.ts";
import type { CallRate } from "./loop_guard.ts";

/** The options for running a bot with any connection. All are optional. */
export interface RunSettings {
  /** Stops the bot. Running handlers may finish within `drainTimeout`. */
  readonly signal?: AbortSignal;
  /**
   * Whether the program is this bot and nothing else. If so, SIGINT and SIGTERM stop the bot, and the
   * process ends within `drainTimeout` and a second, even if something else would keep it running, such
   * as a handler's timer, a half-open connection or a storage that does not answer. That time includes
   * what follows `await runBot(…)`. A second signal ends the process at once. Unhandled rejections and
   * uncaught exceptions, as in a timer, are logged instead of ending the program. Default: false.
   */
  readonly standalone?: boolean;
  /**
   * Whether a bot that is started before its server waits for it: while the server does not answer, is
   * full or is overloaded, the bot tries again with growing delays, as after a lost connection, and at
   * the time that the server asks for. The log says so once. What does not pass, such as a refused
   * session or a certificate that is not trusted, ends the run at once. Default: true.
   */
  readonly waitForServer?: boolean;
  /**
   * Whether the bot says in the room that its session is about to expire: 7 days, 3 days, 1 day and 1 hour
   * before. The log says so in any case. Default: true.
   */
  readonly announceExpiry?: boolean;
  /** How long running handlers may take to finish when the bot stops, in milliseconds. Default: 10,000. */
  readonly drainTimeout?: number;
  /**
   * How many messages may wait or run at a time. While the queue is full, new messages are refused,
   * and the first sender is notified. Default: 1,000.
   */
  readonly maxPending?: number;
  /**
   * Stops loops with another bot that replies to this bot's replies. A device that calls the bot more
   * often than this rate, or more than 5 × `limit` times within 360 × `window`, gets one warning
   * and is ignored until it has been silent for a window. A slower loop is not detected: have one of
   * the bots `ignore` the other. Default: 20 calls in 10,000 ms, and so 100 calls an hour; false for no limit.
   */
  readonly loopGuard?: CallRate | false;
  /**
   * The maximum send rate. Messages beyond it wait in order, at most one per handler. Default: no
   * limit.
   */
  readonly sendRate?: SendRate;
  /**
   * Where sessions, flows and the last runs of schedules are stored. Default: the program's default
   * Deno KV database; without `--unstable-kv`, and on Node and Bun, memory, with a warning when it is
   * first used.
   */
  readonly storage?: BotStorage;
  /**
   * The log of the bot and its client; `console` works. Default: warnings and errors go to stderr, and
   * the line that a standalone bot is ready.
   */
  readonly logger?: BotLogger;
  /** Follows the bot's connection, so that a health check can ask for it. */
  readonly health?: BotHealth;
}

/** The options for a bot that makes its own connection, including those of the client. */
export interface ServerRunOptions
  extends RunSettings, Omit<ClientOptions, "displayName" | "logger" | "maxReconnectAttempts"> {
  /** The Roomz server's address. */
  readonly server: string | URL;
  /** A magic-link token or a session JWT; optional if the session is cached. */
  readonly token?: string;
  /**
   * How many times to try to reconnect after a loss. Default: `Infinity`; if `waitForServer` is false, 5.
   */
  readonly maxReconnectAttempts?: number;
}

/** The options for a bot that uses an existing client. */
export interface ClientRunOptions extends RunSettings {
  /**
   * The client. If it is not connected, the bot connects it, and disconnects it at the end; otherwise
   * it stays connected. Its display name is set to the bot's name.
   */
  readonly client: BotClient;
}

/** The options of `runBot`. */
export type RunOptions = ServerRunOptions | ClientRunOptions;

/** The settings, with defaults filled in. */
export interface CompleteSettings {
  readonly signal: AbortSignal | undefined;
  readonly standalone: boolean;
  readonly waitForServer: boolean;
  readonly announceExpiry: boolean;
  /** The upper bound of the first delay between two attempts to connect, milliseconds. */
  readonly reconnectDelay: number;
  readonly drainTimeout: number;
  readonly maxPending: number;
  readonly loopGuard: CallRate | undefined;
  readonly sendRate: SendRate | undefined;
  readonly storage: BotStorage | undefined;
  readonly logger: BotLogger;
  readonly health: BotHealth | undefined;
  /** Decides what this process handles; undefined if it is the only one that serves the account. */
  readonly claims: Claims | undefined;
  /**
   * Whether another process has served the account until now: a tick that was due in between is this
   * one's, unless the other has claimed it.
   */
  readonly succeeds: boolean;
}

/**
 * Validates the settings and fills in the defaults.
 * @throws {ConfigurationError} A setting is invalid.
 */
export function completeSettings(
  settings: RunSettings & Pick<ClientOptions, "reconnectDelay">,
): CompleteSettings {
  const {
    signal,
    standalone = false,
    waitForServer = true,
    announceExpiry = true,
    reconnectDelay = 1_000,
    drainTimeout = 10_000,
    maxPending = 1_000,
    loopGuard = { limit: 20, window: 10_000 },
    sendRate,
    storage,
    logger = consoleLogger,
    health,
  } = settings;
  const isTimerDelay = drainTimeout >= 0 && drainTimeout <= MAX_TIMER_DELAY;
  check("drainTimeout", isTimerDelay, "milliseconds, 0 or more");
  check("maxPending", isCount(maxPending), "a whole number, 1 or more");
  check(
    "loopGuard",
    loopGuard === false || (isCount(loopGuard.limit) && loopGuard.window > 0),
    "{ limit, window } or false, where limit is a whole number of calls and window is in milliseconds",
  );
  check(
    "sendRate",
    sendRate === undefined || (isCount(sendRate.limit) && sendRate.window > 0),
    "{ limit, window } with a whole number of messages and milliseconds",
  );
  return {
    signal,
    standalone,
    waitForServer,
    announceExpiry,
    reconnectDelay,
    drainTimeout,
    maxPending,
    loopGuard: loopGuard === false ? undefined : loopGuard,
    sendRate,
    storage,
    logger,
    health,
    claims: undefined,
    succeeds: false,
  };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function check(option: keyof RunSettings, ok: boolean, expected: string): void {
  if (!ok) throw new ConfigurationError(`The option "${option}" must be ${expected}.`);
}

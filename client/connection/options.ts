/**
 * The options of a client: validated once, and completed with their defaults.
 * @module
 */
import { KvSessionCache } from "../auth/kv_session_cache.ts";
import type { SessionCache } from "../auth/session_cache.ts";
import { ConfigurationError } from "../base/errors.ts";
import { type ClientLogger, silentLogger } from "../base/logger.ts";
import { type Platform, systemPlatform } from "../base/platform.ts";

/** The options of `new AsyncClient(url, token, options)`. All are optional. */
export interface ClientOptions {
  /** Reconnect when the connection is lost. Default: true. */
  readonly reconnect?: boolean;
  /**
   * The upper bound of the delay before the first reconnection, milliseconds. It doubles with every
   * attempt, up to 30 s; each delay is a random part of it. Default: 1,000.
   */
  readonly reconnectDelay?: number;
  /** How many times to try to reconnect after a loss; `Infinity` is allowed. Default: 5. */
  readonly maxReconnectAttempts?: number;
  /** How long `connect()` may take, milliseconds. Default: 10,000. */
  readonly connectionTimeout?: number;
  /** How long a send waits for its acknowledgement, milliseconds. Default: 5,000. */
  readonly ackTimeout?: number;
  /**
   * The path of a Deno KV file that stores the session between runs, see
   * {@linkcode KvSessionCache}.
   * Default: null, no cache.
   */
  readonly sessionCacheFile?: string | null;
  /** Your own store for the session, instead of a file. */
  readonly sessionCache?: SessionCache;
  /** The display name to set on connecting, and after every reconnection. */
  readonly displayName?: string;
  /** Where the client logs to, such as `console`. Default: nowhere. */
  readonly logger?: ClientLogger;
}

/**
 * The options with the platform, for this package's own tests and `testing/`: it replaces the
 * network, the clock and the jitter.
 */
export interface OptionsWithPlatform extends ClientOptions {
  readonly platform: Platform;
}

/** The validated options, with their defaults. */
export interface Settings {
  readonly platform: Platform;
  readonly reconnect: boolean;
  readonly reconnectDelay: number;
  readonly maxReconnectAttempts: number;
  readonly connectionTimeout: number;
  readonly ackTimeout: number;
  readonly sessionCache: SessionCache | undefined;
  readonly displayName: string | null;
  readonly logger: ClientLogger;
}

/** Shared by all clients that have no options of their own. */
let defaults: Settings | undefined;

/**
 * Validates every option and fills in the defaults.
 * @throws {ConfigurationError} An option has the wrong type or is out of range.
 */
export function readOptions(options?: ClientOptions): Settings {
  return options === undefined ? defaults ??= complete({}) : complete(options);
}

function complete(options: ClientOptions): Settings {
  const {
    reconnect = true,
    reconnectDelay = 1_000,
    maxReconnectAttempts = 5,
    connectionTimeout = 10_000,
    ackTimeout = 5_000,
    sessionCacheFile = null,
    sessionCache,
    displayName = "",
    logger = silentLogger,
    platform = systemPlatform,
  }: Partial<OptionsWithPlatform> = options;

  check("reconnect", typeof reconnect === "boolean", "true or false");
  check("reconnectDelay", isNumber(reconnectDelay, 0), "milliseconds, 0 or more");
  check(
    "maxReconnectAttempts",
    maxReconnectAttempts === Infinity ||
      (Number.isInteger(maxReconnectAttempts) && maxReconnectAttempts >= 0),
    "a whole number, 0 or more, or Infinity",
  );
  check("connectionTimeout", isNumber(connectionTimeout, 1), "milliseconds, 1 or more");
  check("ackTimeout", isNumber(ackTimeout, 1), "milliseconds, 1 or more");
  check(
    "sessionCacheFile",
    sessionCacheFile === null || (typeof sessionCacheFile === "string" && sessionCacheFile !== ""),
    "the path of a file, or null for no cache",
  );
  check(
    "sessionCache",
    sessionCache === undefined || hasMethods(sessionCache, ["get", "set", "delete"]),
    "an object with the methods get, set and delete",
  );
  check("displayName", typeof displayName === "string", "a string");
  check("logger", hasMethods(logger, ["debug", "info", "warn"]), "an object such as console");
  check(
    "sessionCache",
    sessionCache === undefined || sessionCacheFile === null,
    "omitted if sessionCacheFile is given",
  );

  return {
    platform,
    reconnect,
    reconnectDelay,
    maxReconnectAttempts,
    connectionTimeout,
    ackTimeout,
    sessionCache: sessionCacheFile === null
      ? sessionCache
      : new KvSessionCache(sessionCacheFile, { logger }),
    displayName: displayName === "" ? null : displayName,
    logger,
  };
}

/**
 * Validates the `timeout` of one call.
 * @throws {ConfigurationError} It is not a number, or negative.
 */
export function requireTimeout(timeout: number): void {
  check("timeout", timeout >= 0, "milliseconds, 0 or more");
}

function check(option: keyof ClientOptions | "timeout", ok: boolean, expected: string): void {
  if (!ok) throw new ConfigurationError(`The option "${option}" must be ${expected}.`);
}

/** Whether a value, possibly from untyped code, is a finite number in range. */
function isNumber(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= least;
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return names.every((name) => typeof Reflect.get(value, name) === "function");
}

/**
 * The options of `runBot` as a table, for code that the compiler does not check. The ranges of numbers
 * are checked where they are read, by `completeSettings` and the client.
 * @module
 */
import { ConfigurationError } from "../../client/mod.ts";
import { type Check, either, fits, isRecord, recordOf } from "../text/shape.ts";
import type { ClientRunOptions, ServerRunOptions } from "./run_options.ts";

const anything: Check = { find: () => undefined };

const rate = recordOf<"limit" | "window">({
  expected: "an object such as { limit: 20, window: 10_000 }",
  lacks: "A rate has no",
  keys: { limit: anything, window: anything },
});
const rateOrOther = either((value) => isRecord(value) ? rate : anything);

const text = fits("a string", (value) => typeof value === "string");

/** The options that a run of one bot and a host of a fleet have in common. */
export const commonOptions = {
  signal: fits("an AbortSignal", (value) => value instanceof AbortSignal),
  standalone: fits("true or false", (value) => typeof value === "boolean"),
  announceExpiry: fits("true or false", (value) => typeof value === "boolean"),
  drainTimeout: anything,
  maxPending: anything,
  loopGuard: rateOrOther,
  sendRate: rateOrOther,
  logger: withMethods("an object such as console", "debug", "info", "warn", "error"),
};

const options = recordOf<keyof ServerRunOptions | keyof ClientRunOptions>({
  expected: "an object such as { server, token }",
  lacks: "runBot has no option",
  keys: {
    ...commonOptions,
    waitForServer: fits("true or false", (value) => typeof value === "boolean"),
    storage: withMethods("a storage", "read", "write", "delete"),
    health: withMethods("a BotHealth", "observe", "report"),
    server: fits("a string or a URL", (value) => typeof value === "string" || value instanceof URL),
    token: text,
    client: withMethods("a client", "connect", "disconnect", "on", "off", "send", "setDisplayName"),
    reconnect: anything,
    reconnectDelay: anything,
    maxReconnectAttempts: anything,
    connectionTimeout: anything,
    ackTimeout: anything,
    sessionCache: anything,
    sessionCacheFile: anything,
  },
  instead: {
    url: "Write `server`.",
    displayName: "The display name is the bot's `name`.",
    name: "The bot's name is in its definition.",
    log: "Write `logger`.",
    timeout: "Write `connectionTimeout` or `drainTimeout`.",
    prefix: "Write it in the bot's definition.",
  },
  conflict(value) {
    const { server, client } = value;
    if (server === undefined && client === undefined) {
      return "runBot needs `server`, the server's address, or `client`.";
    }
    if (client !== undefined || !("client" in value)) return undefined;
    return "`client` is undefined. Leave it out to connect to `server`.";
  },
});

/**
 * Checks what `runBot` takes.
 * @throws {ConfigurationError} There is an unknown option, or one of the wrong type.
 */
export function checkOptions(value: unknown): void {
  const flaw = options.find(value, "The options");
  if (flaw === undefined) return;
  throw new ConfigurationError(`${flaw.problem}\n  in runBot(…)${flaw.path}`);
}

function withMethods(what: string, ...names: readonly string[]): Check {
  return fits(
    `${what} with the methods ${names.join(", ")}`,
    (value) =>
      typeof value === "object" && value !== null &&
      names.every((name) => typeof Reflect.get(value, name) === "function"),
  );
}

/**
 * `runBot`: connects a bot and handles messages until it is stopped.
 * @module
 */
import { LOG_IN } from "../client/auth/auth_api.ts";
import { AsyncClient, AuthenticationError, ConfigurationError } from "../client/mod.ts";
import type { BotClient } from "./context/bot_client.ts";
import type { BotLogger } from "./context/bot_logger.ts";
import { type Bot, isBot } from "./run/bot.ts";
import { checkOptions } from "./run/option_shapes.ts";
import { systemPlatform } from "./run/platform.ts";
import { completeSettings, type RunOptions } from "./run/run_options.ts";
import { RunningBot } from "./run/running_bot.ts";

/**
 * Runs a bot until its `signal` aborts; resolves when it has stopped.
 *
 * - The bot ignores its own messages, and messages that may be its own. A duplicate is ignored too.
 * - Messages from one device (account and display name) run in order. Messages from different
 *   devices, and `concurrent` commands, run at the same time.
 * - While `maxPending` messages are pending, new ones are refused, and the first sender is notified.
 * - If a handler fails, the error is logged and the sender gets a reply. Neither the bot nor other
 *   handlers are affected.
 * - Schedules run while the bot is connected: see `Schedule`.
 * - With `OTEL_DENO=true`, every handler runs in an OpenTelemetry span, which contains no message
 *   text.
 * - The bot waits for its server, at the start (`waitForServer`) and after a lost connection
 *   (`maxReconnectAttempts`), and sets its display name again.
 * - When the bot is stopped, it accepts no more messages and lets running handlers finish within
 *   `drainTimeout`; then it aborts `ctx.signal` and disconnects.
 *
 * @throws {AuthenticationError} The server refused the session, on connecting or reconnecting.
 * @throws {ConnectionError} The server cannot be used, or the bot was not to wait for it.
 * @throws {ConfigurationError} An option is invalid.
 *
 * @example Run a bot until its signal aborts
 * ```ts
 * import { defineBot, runBot } from "@roomz/roomz/bot";
 * import { createDevServer } from "@roomz/roomz/dev-server";
 *
 * await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
 * const token = await server.mintSession("me@example.com");
 *
 * const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
 * const stop = new AbortController();
 * const running = runBot(bot, { server: server.url, token, signal: stop.signal });
 *
 * stop.abort();
 * await running;
 * ```
 */
export async function runBot(bot: Bot, options: RunOptions): Promise<void> {
  if (!isBot(bot)) {
    throw new ConfigurationError(
      "runBot requires a bot made by defineBot of the same version of the package.",
    );
  }
  checkOptions(options);
  const settings = completeSettings(options);
  const client = clientFor(bot, options, settings.logger);
  try {
    await new RunningBot(bot, client, settings, systemPlatform).run();
  } catch (error) {
    throw "client" in options ? error : inRunBotTerms(error);
  }
}

/** The client advises to call its own methods; who calls `runBot` has options. */
function inRunBotTerms(error: unknown): unknown {
  if (!(error instanceof AuthenticationError) || error.advice !== LOG_IN) return error;
  const advice = "Request a new magic link, and pass its token as `token`.";
  return new AuthenticationError(error.facts, { advice, cause: error });
}

function clientFor(bot: Bot, options: RunOptions, logger: BotLogger): BotClient {
  if ("client" in options) return options.client;
  const { server, token: given = "", ...clientOptions } = options;
  const { waitForServer = true } = options;
  const token = given.trim(); // A variable may hold just a space, or end with a line break.
  const client = new AsyncClient(server, token, {
    ...clientOptions,
    ...(waitForServer && clientOptions.maxReconnectAttempts === undefined
      ? { maxReconnectAttempts: Infinity }
      : {}),
    displayName: bot.name,
    logger,
  });
  const { sessionCache, sessionCacheFile, signal } = options;
  const isCached = sessionCache !== undefined || typeof sessionCacheFile === "string";
  if (token === "" && !isCached && !signal?.aborted) {
    throw new AuthenticationError("runBot got no token.", {
      advice: "Pass a non-empty `token`; if it comes from ROOMZ_TOKEN, set that variable.",
    });
  }
  return client;
}

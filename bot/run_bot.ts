/**
 * `runBot`: connects a bot and handles messages until it is stopped.
 * @module
 */
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
 * - The client reconnects as its options say, and sets the display name again.
 * - When the bot is stopped, it accepts no more messages and lets running handlers finish within
 *   `drainTimeout`; then it aborts `ctx.signal` and disconnects.
 *
 * @throws {AuthenticationError} The server refused the session, on connecting or reconnecting.
 * @throws {ConnectionError} The server is unreachable, or reconnecting failed.
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
  await new RunningBot(bot, clientFor(bot, options, settings.logger), settings, systemPlatform)
    .run();
}

function clientFor(bot: Bot, options: RunOptions, logger: BotLogger): BotClient {
  if ("client" in options) return options.client;
  const { server, token = "", ...clientOptions } = options;
  const client = new AsyncClient(server, token, {
    ...clientOptions,
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

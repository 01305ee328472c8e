/**
 * `runBot`: connects a bot and lets it answer.
 * @module
 */
import { AsyncClient, ConfigurationError } from "../client/mod.ts";
import type { BotClient } from "./context/bot_client.ts";
import type { BotLogger } from "./context/bot_logger.ts";
import { type Bot, isBot } from "./run/bot.ts";
import { systemPlatform } from "./run/platform.ts";
import { completeSettings, type RunOptions } from "./run/run_options.ts";
import { RunningBot } from "./run/running_bot.ts";

/**
 * Runs a bot until its `signal` aborts; resolves when it has stopped.
 *
 * - The bot's own messages call nothing, nor do those that may be its own; one that comes twice is
 *   answered once.
 * - Messages of one device (account and display name) run one after the other, those of different
 *   devices at the same time, and so do `concurrent` commands.
 * - When `maxPending` messages wait or run, one more is refused, and its sender told.
 * - A handler that fails is logged and answered; it ends neither the bot nor other handlers.
 * - What the bot has to do by the clock it does while it is connected: see `Schedule`.
 * - With `OTEL_DENO=true` every handler runs in a span of OpenTelemetry, without what was said.
 * - A lost connection is made again as the client's options say, and the display name set again.
 * - When it is stopped, it takes no more messages, finishes what has begun within `drainTimeout`,
 *   then aborts `ctx.signal` and leaves.
 *
 * @throws {AuthenticationError} The server refused the session, at first or at a reconnection.
 * @throws {ConnectionError} The server was not reached, or the connection was given up.
 * @throws {ConfigurationError} An option is not valid.
 *
 * @example Run a bot until it is told to stop
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
      "runBot takes what defineBot of the same version of the package returns.",
    );
  }
  const settings = completeSettings(options);
  await new RunningBot(bot, clientFor(bot, options, settings.logger), settings, systemPlatform)
    .run();
}

function clientFor(bot: Bot, options: RunOptions, logger: BotLogger): BotClient {
  if ("client" in options) return options.client;
  const { server, token, ...clientOptions } = options;
  return new AsyncClient(server, token, { ...clientOptions, displayName: bot.name, logger });
}

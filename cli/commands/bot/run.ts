/**
 * `roomz bot run`: runs a bot until it is interrupted.
 * @module
 */
import type { Bot, BotHealth, BotLogger } from "../../../bot/mod.ts";
import { createConfiguredClient, reportConnection } from "../../account/create_client.ts";
import { connectWhenUp, readWait } from "../../account/wait_for_server.ts";
import { type CommandSpec, WAIT_OPTIONS } from "../../command_line/command_spec.ts";
import { endService } from "../../command_line/interruption.ts";
import type { Io } from "../../command_line/io.ts";
import { readConfiguration } from "../../config/configuration.ts";
import { pathIn, stateFolder } from "../../config/folders.ts";
import { addressText, type ListenAddress, listenAddress } from "../../http/listen_address.ts";
import { say } from "../../terminal/output.ts";
import { watchReader } from "../../terminal/reader_left.ts";

export const botRunCommand: CommandSpec = {
  name: "run",
  summary: "Run a bot until Ctrl+C.",
  examples: [
    "roomz bot run bot.ts",
    "roomz bot run --watch bot.ts",
    "roomz bot run --health 127.0.0.1:8081 bot.ts",
  ],
  arguments: "<file>",
  options: [
    { flags: "--watch", summary: "Reload the bot when its file changes, without reconnecting." },
    {
      flags: "--health <address>",
      summary: "Answer health checks at this address: GET http://HOST:PORT/healthz.",
    },
    ...WAIT_OPTIONS,
  ],
  async run(io, input) {
    const [file = ""] = input.words;
    const wait = readWait(input);
    const healthAddress = input.text("health");
    const address = healthAddress === undefined
      ? undefined
      : listenAddress("--health", healthAddress);
    // Loaded on demand: most commands do not need the bot layer.
    const { BotHealth, runBot, KvStorage } = await import("../../../bot/mod.ts");
    const { loadBot } = await import("./bot_file.ts");
    const bot = await loadBot(io, file);
    await using client = createConfiguredClient(io, await readConfiguration(io, input), {
      displayName: bot.name,
      maxReconnectAttempts: Infinity,
    });
    reportConnection(io, client);
    const health = new BotHealth();
    using _endpoint = address && await answerHealthChecks(io, address, health);
    const folder = stateFolder(io);
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    using storage = new KvStorage(pathIn(folder, "bots.kv"));
    const logger = logTo(io);
    using reader = watchReader(io);
    const run = async (one: Bot, replaced: AbortSignal): Promise<void> => {
      const signal = AbortSignal.any([reader.signal, replaced]);
      // Not standalone: the command handles signals and ends its process itself.
      const running = runBot(one, { client, signal, storage, logger, health });
      using _lateFailures = logLateFailures(logger);
      await running;
    };

    try {
      const { signal } = reader;
      await connectWhenUp(io, wait, () => client.connect("", { signal }), signal);
      if (input.flag("watch")) {
        const { runReloading } = await import("./reload.ts");
        await runReloading(io, file, bot, run);
      } else {
        await run(bot, signal);
      }
    } catch (error) {
      if (error !== reader.signal.reason) throw error;
    }
    endService(reader.signal);
  },
};

/** Answers health checks from the start on: until the bot is connected, it is not healthy. */
async function answerHealthChecks(
  io: Io,
  address: ListenAddress,
  health: BotHealth,
): Promise<Disposable> {
  const { healthEndpoint, HEALTH_PATH } = await import("../../http/health_endpoint.ts");
  const { listen } = await import("../../http/listen.ts");
  const endpoint = listen("--health", address, healthEndpoint(() => health.report()));
  await say(io, `Health checks: http://${addressText(endpoint.address)}${HEALTH_PATH}`);
  return endpoint;
}

/**
 * Logs what the bot's code throws after a handler has ended, which would otherwise end the command. A
 * running bot takes care of the rejections of its middleware, because it has started to listen before.
 */
function logLateFailures(logger: BotLogger): Disposable {
  const onRejection = (event: PromiseRejectionEvent): void => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    logger.error('unhandled rejection (is an "await" missing?)', event.reason);
  };
  const onException = (event: ErrorEvent): void => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    logger.error("uncaught exception, in a timer or an event listener", event.error);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onException);
  return {
    [Symbol.dispose]() {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onException);
    },
  };
}

/** Logs to stderr; errors in the bot's code are logged with their stack. */
function logTo(io: Io): BotLogger {
  const log = (message: string): void => void say(io, message);
  return {
    debug() {},
    info: log,
    warn: log,
    error(message, cause) {
      const details = cause instanceof Error ? cause.stack ?? cause.message : cause;
      log(details === undefined ? message : `${message}\n${details}`);
    },
  };
}

/**
 * `roomz bot run`: runs a bot until it is interrupted.
 * @module
 */
import type { Bot } from "../../../bot/mod.ts";
import { createConfiguredClient, reportConnection } from "../../account/create_client.ts";
import { connectWhenUp, readWait } from "../../account/wait_for_server.ts";
import { type CommandSpec, WAIT_OPTIONS } from "../../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import { endService } from "../../command_line/interruption.ts";
import { readConfiguration } from "../../config/configuration.ts";
import { pathIn, stateFolder } from "../../config/folders.ts";
import { STORAGE_OPTION } from "../../fleet/fleet_options.ts";
import { listenAddress } from "../../http/listen_address.ts";
import { watchReader } from "../../terminal/reader_left.ts";
import { answerHealthChecks } from "./health_checks.ts";
import { logLateFailures, logTo } from "./bot_log.ts";

/** The options that mean something only with `--fleet`, as they are written and as they are read. */
const FLEET_ONLY = [
  { flag: "storage", name: "storage" },
  { flag: "metrics", name: "metrics" },
  { flag: "capacity", name: "capacity" },
  { flag: "server-capacity", name: "serverCapacity" },
] as const;

export const botRunCommand: CommandSpec = {
  name: "run",
  summary: "Run a bot until Ctrl+C.",
  examples: [
    "roomz bot run bot.ts",
    "roomz bot run --watch bot.ts",
    "roomz bot run --health 127.0.0.1:8081 bot.ts",
    "roomz bot run --fleet --storage fleet.kv bot.ts",
  ],
  arguments: "<file>",
  options: [
    { flags: "--watch", summary: "Reload the bot when its file changes, without reconnecting." },
    {
      flags: "--health <address>",
      summary: "Answer health checks at this address: GET http://HOST:PORT/healthz.",
    },
    {
      flags: "--fleet [name]",
      summary: "Run it for all accounts of a fleet, by default named like the bot.",
    },
    STORAGE_OPTION,
    {
      flags: "--metrics <address>",
      summary:
        "Serve the figures of this host of the fleet: GET /metrics for Prometheus, / for people.",
    },
    {
      flags: "--capacity <number>",
      summary: "How many accounts of the fleet this host holds at most (default: 5000).",
    },
    {
      flags: "--server-capacity <number>",
      summary: "How many connections of the fleet each server takes (default: 1000).",
    },
    ...WAIT_OPTIONS,
  ],
  async run(io, input) {
    const [file = ""] = input.words;
    if (input.flag("fleet") || input.text("fleet") !== undefined) {
      const { runFleetHost } = await import("./run_fleet.ts");
      return await runFleetHost(io, input, file);
    }
    for (const option of FLEET_ONLY) {
      if (input.text(option.name) === undefined) continue;
      throw new CommandError(`--${option.flag} is for a fleet: add --fleet.`, ExitCode.USAGE);
    }
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
    // From the start on: until the bot is connected, it is not healthy.
    using _endpoint = address && await answerHealthChecks(io, address, () => health.report());
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

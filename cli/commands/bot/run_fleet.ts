/**
 * `roomz bot run --fleet`: runs a bot for all accounts of a fleet, as one of its hosts.
 * @module
 */
import {
  FleetAccounts,
  FleetHealth,
  type KvStorage,
  runFleet,
  StorageError,
} from "../../../bot/mod.ts";
import type { CommandInput } from "../../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import { endService } from "../../command_line/interruption.ts";
import type { Io } from "../../command_line/io.ts";
import { fleetKeys, fleetStorage, noAccounts } from "../../fleet/fleet_access.ts";
import { METRICS_PATH, metricsEndpoint } from "../../fleet/metrics_endpoint.ts";
import { listen } from "../../http/listen.ts";
import { addressText, type ListenAddress, listenAddress } from "../../http/listen_address.ts";
import { say } from "../../terminal/output.ts";
import { watchReader } from "../../terminal/reader_left.ts";
import { loadBot } from "./bot_file.ts";
import { logLateFailures, logTo } from "./bot_log.ts";
import { answerHealthChecks } from "./health_checks.ts";

/** The options that mean nothing in a fleet, and why. */
const NOT_WITH_FLEET = [
  [
    "watch",
    "--watch",
    "Start another host with the new file, then stop this one: accounts are handed over.",
  ],
  ["server", "--server", "Each account has its own server."],
  ["wait", "--wait", "A fleet waits for the server of each account."],
  ["noWait", "--no-wait", "A fleet waits for the server of each account."],
] as const;

/** Runs the bot in `file` until it is interrupted, and hands its accounts over then. */
export async function runFleetHost(io: Io, input: CommandInput, file: string): Promise<void> {
  for (const [name, flag, why] of NOT_WITH_FLEET) {
    if (!input.flag(name) && input.text(name) === undefined) continue;
    throw new CommandError(`${flag} cannot be combined with --fleet. ${why}`, ExitCode.USAGE);
  }
  const capacity = input.integer("capacity", 1, Number.MAX_SAFE_INTEGER);
  const serverCapacity = input.integer("serverCapacity", 1, Number.MAX_SAFE_INTEGER);
  const healthAddress = addressOf(input, "health");
  const metricsAddress = addressOf(input, "metrics");
  const keys = fleetKeys(io);
  const bot = await loadBot(io, file);
  using storage = await fleetStorage(io, input, { creates: true, waits: true });
  const health = new FleetHealth();
  const fleet = input.text("fleet") ?? bot.name;
  const host = io.hostName?.() ?? "host";
  const report = () => health.report();
  using _metrics = metricsAddress &&
    await serveMetrics(io, metricsAddress, metricsEndpoint({ fleet, host }, report));
  // One address may serve both.
  const isServed = healthAddress?.port !== 0 && isSame(healthAddress, metricsAddress);
  using _health = healthAddress && !isServed
    ? await answerHealthChecks(io, healthAddress, report)
    : undefined;
  const logger = logTo(io);
  using reader = watchReader(io);
  // Not standalone: the command handles signals and ends its process itself.
  const running = runFleet(bot, {
    storage,
    keys,
    signal: reader.signal,
    logger,
    health,
    fleet,
    hostName: host,
    ...(capacity === undefined ? {} : { capacity }),
    ...(serverCapacity === undefined ? {} : { serverCapacity }),
  });
  using _lateFailures = logLateFailures(logger);
  await Promise.all([running, sayIfEmpty(io, input, { storage, fleet, keys })]);
  endService(reader.signal);
}

/** A host without accounts does nothing, and its log alone would not say so. */
async function sayIfEmpty(
  io: Io,
  input: CommandInput,
  { storage, fleet, keys }: { storage: KvStorage; fleet: string; keys: readonly string[] },
): Promise<void> {
  const accounts = new FleetAccounts({ storage, fleet, keys });
  const isEmpty = await accounts.list().then((list) => list.length === 0, (error: unknown) => {
    if (error instanceof StorageError) return false; // The host itself waits for the database.
    throw error;
  });
  if (isEmpty) await say(io, noAccounts(input, fleet));
}

async function serveMetrics(
  io: Io,
  address: ListenAddress,
  respond: (request: Request) => Response,
): Promise<Disposable> {
  const endpoint = listen("--metrics", address, respond);
  await say(io, `Metrics: http://${addressText(endpoint.address)}${METRICS_PATH}`);
  return endpoint;
}

function addressOf(input: CommandInput, option: "health" | "metrics"): ListenAddress | undefined {
  const text = input.text(option);
  return text === undefined ? undefined : listenAddress(`--${option}`, text);
}

function isSame(one: ListenAddress | undefined, other: ListenAddress | undefined): boolean {
  return one?.hostname === other?.hostname && one?.port === other?.port;
}

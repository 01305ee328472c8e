/**
 * `roomz fleet status`: shows who answers for the accounts of a fleet. It reads the database alone.
 * @module
 */
import type { FleetMonitor, FleetStatus } from "../../../bot/mod.ts";
import type { CommandSpec } from "../../command_line/command_spec.ts";
import type { Io } from "../../command_line/io.ts";
import { STORAGE_OPTION } from "../../fleet/fleet_options.ts";
import { print, printJson, say } from "../../terminal/output.ts";
import { watchReader } from "../../terminal/reader_left.ts";

/** The pause between two readings, milliseconds: the first wait for what shows only in two of them. */
const FIRST_PAUSE = 250;
const WATCH_PAUSE = 1_000;

/** Moves to the top left, and erases what was drawn before. */
const REDRAW = "\x1b[H\x1b[J";

export const fleetStatusCommand: CommandSpec = {
  name: "status",
  summary: "Show the accounts of a fleet, its hosts, and what they report.",
  examples: [
    "roomz fleet status helper --storage fleet.kv",
    "roomz fleet status helper --storage https://kv.example --watch",
    "roomz fleet status helper --storage fleet.kv --json | jq .accounts.unheld",
  ],
  arguments: "<name>",
  options: [
    STORAGE_OPTION,
    { flags: "--json", summary: "Print one JSON object; with --watch, one per second." },
    {
      flags: "--watch",
      summary:
        "Refresh every second until Ctrl+C; when the output is not a terminal, print only a summary line.",
    },
  ],
  usesServer: false,
  async run(io, input) {
    const [fleet = ""] = input.words;
    const { FleetMonitor } = await import("../../../bot/mod.ts");
    const { fleetStorage } = await import("../../fleet/fleet_access.ts");
    using storage = await fleetStorage(io, input, { creates: false });
    using reader = watchReader(io);
    const monitor = new FleetMonitor({ storage, fleet });
    const show = await shown(io, fleet, input.flag("json"), input.flag("watch"));
    if (input.flag("watch")) await watch(io, monitor, show, reader.signal);
    else await show(await settled(monitor, reader.signal));
    reader.signal.throwIfAborted();
  },
};

/** Writes a state, for people or for programs. */
async function shown(
  io: Io,
  fleet: string,
  json: boolean,
  watched: boolean,
): Promise<(status: FleetStatus) => Promise<void>> {
  if (json) {
    const { statusForPrograms } = await import("../../fleet/fleet_status_json.ts");
    return (status) => printJson(io, statusForPrograms(fleet, status));
  }
  const { statusLine, statusLines } = await import("../../fleet/fleet_status_text.ts");
  if (!watched) {
    return async (status) => {
      for (const line of statusLines(fleet, status)) await print(io, line);
    };
  }
  if (!io.stdout.isTerminal) return (status) => print(io, statusLine(fleet, status));
  const { fitColumns } = await import("../../terminal/text_width.ts");
  return (status) => {
    const { columns = io.stdout.columns(), rows = Infinity } = io.terminal?.size() ?? {};
    const lines = statusLines(fleet, status).slice(0, rows - 1);
    return io.stdout.write(
      `${REDRAW}${lines.map((line) => `${fitColumns(line, columns)}\n`).join("")}`,
    );
  };
}

/** The state as soon as it is known of every host whether it renews its lease: within a lease. */
async function settled(monitor: FleetMonitor, signal: AbortSignal): Promise<FleetStatus> {
  for (;;) {
    const status = await monitor.read();
    if (signal.aborted || status.hosts.every(({ renews }) => renews !== null)) return status;
    await pause(FIRST_PAUSE, signal);
  }
}

/** Shows the state until the signal aborts, also through times in which the database does not answer. */
async function watch(
  io: Io,
  monitor: FleetMonitor,
  show: (status: FleetStatus) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { StorageError } = await import("../../../bot/mod.ts");
  while (!signal.aborted) {
    const status = await monitor.read().catch(async (error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
      await say(io, `${error.message} Trying again.`);
    });
    if (status !== undefined && !signal.aborted) await show(status);
    await pause(WATCH_PAUSE, signal);
  }
}

function pause(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, time);
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
  });
}

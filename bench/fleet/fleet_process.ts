/**
 * A process that is a host of a fleet under test. Its argument is its configuration as JSON; it prints what
 * happens as lines of JSON. SIGTERM stops it.
 * @module
 */
import { FleetHost } from "../../bot/fleet/fleet_host.ts";
import { KvFleetStore } from "../../bot/fleet/kv_fleet_store.ts";
import { newHostId } from "../../bot/fleet/fleet_ids.ts";
import { type BotLogger, defineBot, KvStorage } from "../../bot/mod.ts";
import { systemPlatform } from "../../bot/run/platform.ts";
import { completeSettings } from "../../bot/run/run_options.ts";
import { databaseOf } from "../../bot/storage/kv_storage.ts";
import { AsyncClient } from "../../client/mod.ts";

/** What a host is told. */
export interface HostConfig {
  readonly name: string;
  readonly storage: string;
  /** The session of each account, by its id. */
  readonly sessions: Readonly<Record<string, string>>;
  readonly lease: number;
  readonly claims: boolean;
}

/** What a host prints. */
export type HostLine =
  | { readonly type: "log"; readonly level: string; readonly text: string; readonly at: number }
  | {
    readonly type: "unknown";
    readonly email: string;
    readonly id: string;
    readonly reason: string;
  }
  | {
    readonly type: "gap";
    readonly email: string;
    readonly from: number | undefined;
    readonly to: number;
    readonly at: number;
  };

function print(line: HostLine): void {
  console.log(JSON.stringify(line));
}

const config: HostConfig = JSON.parse(Deno.args[0] ?? "{}");
const bot = defineBot({
  name: "helper",
  commands: { "ping <n:int>": ({ args }) => `pong ${args.n}` },
});
const add = (level: string) => (text: string, cause?: unknown) => {
  print({
    type: "log",
    level,
    text: `${text}${cause === undefined ? "" : ` ${cause}`}`,
    at: Date.now(),
  });
};
const logger: BotLogger = { debug() {}, info: add("info"), warn: add("warn"), error: add("error") };
const storage = new KvStorage(config.storage);
const { database, prefix } = databaseOf(storage);
const store = new KvFleetStore(database, prefix, config.lease / 3);
const stop = new AbortController();
Deno.addSignalListener("SIGTERM", () => stop.abort());
const host = new FleetHost({
  bot,
  fleet: "run",
  platform: systemPlatform,
  store,
  settings: completeSettings({ logger, storage, signal: stop.signal, loopGuard: false }),
  lease: config.lease,
  capacity: 100_000,
  serverCapacity: 100_000,
  hostName: config.name,
  newHostId,
  openClient: (id, { server }) =>
    Promise.resolve(
      new AsyncClient(server, config.sessions[id], { displayName: bot.name, reconnect: false }),
    ),
  onUnknown: ({ account: { email }, id, reason }) => print({ type: "unknown", email, id, reason }),
  onGap: ({ account: { email }, from, to }) =>
    print({ type: "gap", email, from, to, at: Date.now() }),
  onSetAside: ({ email }, reason) => add("error")(`set aside ${email}: ${reason}`),
});
await host.run();
Deno.exit(0);

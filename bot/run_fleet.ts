/**
 * `runFleet`: runs a bot for many accounts, on one of any number of hosts.
 * @module
 */
import {
  AsyncClient,
  AuthenticationError,
  ConfigurationError,
  type SessionCache,
} from "../client/mod.ts";
import { SubjectLogger } from "./context/bot_logger.ts";
import { readSession } from "./fleet/accounts/accounts.ts";
import { observe } from "./fleet/report/fleet_health.ts";
import { FleetHost } from "./fleet/host/fleet_host.ts";
import { accountId, newHostId } from "./fleet/store/fleet_ids.ts";
import { FleetKeys } from "./fleet/store/fleet_keys.ts";
import { checkFleetOptions, type FleetOptions, hostLimits } from "./fleet/fleet_options.ts";
import { CALL_TIME } from "./fleet/store/fleet_store.ts";
import { KvFleetStore } from "./fleet/store/kv_fleet_store.ts";
import { readLimits } from "./fleet/open_files.ts";
import { SessionVault } from "./fleet/accounts/session_vault.ts";
import { type Bot, isBot } from "./run/bot.ts";
import { systemPlatform } from "./run/platform.ts";
import {
  exitSoon,
  listenToProcess,
  type ProcessUser,
  withoutProcess,
} from "./run/process_events.ts";
import { completeSettings } from "./run/run_options.ts";
import { StopRequest } from "./run/stop_request.ts";
import { databaseOf, KvStorage } from "./storage/kv_storage.ts";

/**
 * Runs a bot for all accounts of a fleet until its `signal` aborts, as one of any number of hosts, that is,
 * processes with the same `storage`. Accounts are added with `FleetAccounts`, also while hosts run.
 *
 * - Each account is answered for by one host at a time. Hosts share the accounts out among themselves;
 *   when one joins or is stopped, accounts are handed over, and the next host is connected before the
 *   one before stops. When one dies, others take over after a `lease` at the latest.
 * - A message gets at most one answer, whatever happens to hosts, clocks and the storage. The reverse
 *   cannot be promised, because Roomz keeps no messages: what may have no answer is logged, and
 *   reported to `onUnknown` and `onGap`.
 * - Sessions, flows and schedules belong to the account and follow it. A question of `ctx.ask` ends with
 *   its handler. Cooldowns and the loop guard count anew on each host.
 * - A host that cannot reach the storage stops answering before its lease has run out, and goes on when it
 *   can reach it again.
 * - An account whose session the server refuses is set aside with the reason until it is added again.
 *   The bot says in the room, in time, that a session is about to expire.
 *
 * When the host is stopped, it hands everything over; that takes `drainTimeout` and a `lease` at most.
 *
 * @throws {ConfigurationError} An option is invalid.
 *
 * @example Run a bot for everyone who has signed up
 * ```ts
 * import { defineBot, FleetAccounts, KvStorage, newFleetKey, runFleet } from "@roomz/roomz/bot";
 * import { createDevServer } from "@roomz/roomz/dev-server";
 *
 * await using server = await createDevServer({ port: 0, allowedEmails: ["ada@example.com"] });
 * using storage = new KvStorage(`${await Deno.makeTempDir()}/fleet.kv`);
 * const keys = [newFleetKey()]; // Yours come from the environment: they must stay the same.
 *
 * const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
 * const stop = new AbortController();
 * const running = runFleet(bot, { storage, keys, signal: stop.signal });
 *
 * const accounts = new FleetAccounts({ storage, fleet: bot.name, keys });
 * const token = await server.mintSession("ada@example.com");
 * await accounts.add({ server: server.url, token });
 *
 * stop.abort();
 * await running;
 * ```
 */
export async function runFleet(bot: Bot, options: FleetOptions): Promise<void> {
  if (!isBot(bot)) {
    throw new ConfigurationError(
      "runFleet requires a bot made by defineBot of the same version of the package.",
    );
  }
  checkFleetOptions(options);
  const { fleet = bot.name, hostName = machineName(), storage: given, health, ...others } = options;
  const { signal, standalone, logger, ...settings } = completeSettings(others);
  const { lease, capacity, serverCapacity, notice } = hostLimits(options, readLimits());
  if (notice !== undefined) logger.warn(`${bot.name}: ${notice}`);
  const vault = new SessionVault(fleet, options.keys);
  const keys = new FleetKeys(fleet);
  const storage = given instanceof KvStorage ? given : new KvStorage(String(given));
  const { database, prefix } = databaseOf(storage);
  const store = new KvFleetStore(database, prefix, lease * CALL_TIME);
  const sessionOf = (id: string) => readSession(store, keys, vault, id);
  const stopping = new StopRequest();
  const stop = () => stopping.make("The host was asked to stop.");
  const platform = systemPlatform;
  const user: ProcessUser = { name: bot.name, platform, logger, standalone, stop };
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  const stopListening = listenToProcess(user);
  let failed = true;
  let stopObserving: (() => void) | undefined;
  try {
    const host = new FleetHost({
      bot,
      fleet,
      platform: withoutProcess(platform),
      store,
      settings: { ...settings, standalone, logger, storage, signal: stopping.signal },
      lease,
      capacity,
      serverCapacity,
      hostName,
      newHostId,
      async openClient(id, { server, user, email }) {
        // The id is authenticated with the session: whoever can only write to the storage must not be able
        // to have it sent to another server.
        if (accountId(server, user) !== id) {
          throw new AuthenticationError(
            "Its record in the storage was changed: it names another server or user than those that the " +
              "account was added with. Add the account again.",
          );
        }
        return new AsyncClient(server, await sessionOf(id), {
          displayName: bot.name,
          // The host does, at a pace that suits all accounts.
          reconnect: false,
          sessionCache: new StoredSession(sessionOf, id),
          logger: new SubjectLogger(logger, email),
        });
      },
      onUnknown: ({ account: { server, email }, id, reason }) => {
        logger.warn(`${email}: ${bot.name}: nobody can say whether ${id} was answered: ${reason}`);
        options.onUnknown?.({ account: { server, email }, id, reason });
      },
      onGap: ({ account: { server, email }, from, to }) => {
        const [since, until] = [from === undefined ? null : new Date(from), new Date(to)];
        logger.warn(
          `${email}: ${bot.name}: not connected from ${
            since?.toISOString() ?? "an unknown time"
          } to ` +
            until.toISOString(),
        );
        options.onGap?.({ account: { server, email }, from: since, to: until });
      },
      onSetAside: ({ server, email }, reason) => {
        logger.error(`${email}: ${bot.name}: not served any more: ${reason}`);
        options.onSetAside?.({ account: { server, email }, reason });
      },
    });
    if (health !== undefined) stopObserving = observe(health, host);
    await host.run();
    failed = false;
  } finally {
    stopObserving?.();
    stopListening();
    signal?.removeEventListener("abort", stop);
    if (storage !== given) storage[Symbol.dispose]();
    exitSoon(user, failed);
  }
}

/** The stored session of an account: a client that reconnects finds one here that was added since. */
class StoredSession implements SessionCache {
  readonly #read: (id: string) => Promise<string>;
  readonly #id: string;

  constructor(read: (id: string) => Promise<string>, id: string) {
    this.#read = read;
    this.#id = id;
  }

  async get(): Promise<{ readonly jwt: string }> {
    return { jwt: await this.#read(this.#id) };
  }

  set(): Promise<void> {
    return Promise.resolve();
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }
}

function machineName(): string {
  try {
    return Deno.hostname();
  } catch {
    return "host"; // Without --allow-sys=hostname.
  }
}

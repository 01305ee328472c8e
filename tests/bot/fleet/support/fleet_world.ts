/**
 * A fleet on a virtual clock: hosts with the real client and bot layer, one store, one Roomz server.
 * @module
 */
import type { Bot, BotLogger } from "../../../../bot/mod.ts";
import { FleetHost } from "../../../../bot/fleet/host/fleet_host.ts";
import { FleetHealth, observe } from "../../../../bot/fleet/report/fleet_health.ts";
import { FleetKeys } from "../../../../bot/fleet/store/fleet_keys.ts";
import { CALL_TIME } from "../../../../bot/fleet/store/fleet_store.ts";
import { type HolderRecord, readHolder } from "../../../../bot/fleet/store/fleet_records.ts";
import type { HeldGap, LeftOutcome } from "../../../../bot/fleet/host/held_account.ts";
import type { Platform } from "../../../../bot/run/platform.ts";
import { completeSettings } from "../../../../bot/run/run_options.ts";
import { MemoryStorage } from "../../../../bot/storage/memory_storage.ts";
import { AsyncClient } from "../../../../client/async_client.ts";
import { ConnectionError } from "../../../../client/base/errors.ts";
import type { OptionsWithPlatform } from "../../../../client/connection/options.ts";
import { BotConnection } from "../../../../testing/bot_connection.ts";
import { Channel, type ChannelEvent, type Member } from "../../../../testing/channel.ts";
import { ProcessLife } from "../../../../testing/process_life.ts";
import { Transcript } from "../../../../testing/transcript.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";
import { MemoryFleetStore } from "./memory_fleet_store.ts";
import { withTimeLimit } from "./time_limit.ts";

const SERVER = "http://roomz.test";
const LEASE = 6_000;

/** A fleet and its accounts, named a0, a1, … */
export class FleetWorld {
  readonly clock = new VirtualClock(Date.parse("2026-01-01T00:00:00Z"));
  readonly transcript = new Transcript(this.clock);
  readonly database = new MemoryFleetStore();
  readonly store = this.database.view(() => true);
  readonly keys = new FleetKeys("test");
  readonly bot: Bot;
  readonly storage = new MemoryStorage();
  readonly channels = new Map<string, Channel>();
  readonly hosts: WorldHost[] = [];

  constructor(bot: Bot) {
    this.bot = bot;
  }

  async add(...ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const email = `${id}@example.com`;
      this.channels.set(id, new Channel(email, this.clock, this.transcript, false));
      await this.store.commit({
        checks: [],
        sets: [
          { key: this.keys.account(id), value: { server: SERVER, user: `user:${email}`, email } },
          { key: this.keys.revision, value: {} },
        ],
      });
    }
  }

  start(options: { capacity?: number } = {}): WorldHost {
    const host = new WorldHost(this, `h${this.hosts.length}`, options.capacity ?? 100);
    this.hosts.push(host);
    return host;
  }

  device(id: string): Device {
    const channel = this.channels.get(id);
    if (channel === undefined) throw new Error(`no account ${id}`);
    return new Device(channel);
  }

  async holders(): Promise<Record<string, HolderRecord | undefined>> {
    const entries = await this.store.list(this.keys.holders);
    return Object.fromEntries(entries.map(({ key, value }) => [key.at(-1), readHolder(value)]));
  }

  /** The names of the hosts that are named for accounts, with how many. */
  async shares(): Promise<Record<string, number>> {
    const shares: Record<string, number> = {};
    for (
      const { host, from } of Object.values(await this.holders()).filter((h) => h !== undefined)
    ) {
      const name = `${host?.split(".")[0]}${
        from === undefined ? "" : ` from ${from.split(".")[0]}`
      }`;
      shares[name] = (shares[name] ?? 0) + 1;
    }
    return shares;
  }
}

/** A device of an account's owner. */
export class Device implements Member {
  readonly isBot = false;
  displayName: string | null = "phone";
  readonly heard: string[] = [];
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.join(this);
    this.displayName = "phone";
  }

  say(text: string): string {
    return this.#channel.say(this, text).id;
  }

  receive({ name, payload, from }: ChannelEvent): void {
    if (name === "message" && from !== this) this.heard.push(String(payload.content));
  }
}

/** A process that is a host. */
export class WorldHost {
  readonly name: string;
  readonly life: ProcessLife;
  readonly unknown: LeftOutcome[] = [];
  readonly gaps: HeldGap[] = [];
  readonly log: string[] = [];
  readonly health = new FleetHealth();
  /** Whether the store answers this host. */
  reachesStore = true;
  /** Whether this host can connect to the Roomz server. */
  reachesRoomz = true;
  readonly connections = new Map<string, BotConnection>();
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();

  constructor(world: FleetWorld, name: string, capacity: number) {
    const { clock, bot, transcript } = world;
    this.name = name;
    this.life = new ProcessLife(clock, () => {
      transcript.add(name, "(is killed)");
      for (const connection of this.connections.values()) connection.kill();
    });
    const store = withTimeLimit(
      world.database.view(() => this.reachesStore && !this.life.ended),
      LEASE * CALL_TIME,
      this.life,
    );
    let lives = 0;
    const add = (level: string) => (text: string, cause?: unknown) => {
      const line = `${level}: ${text}${cause === undefined ? "" : ` (${cause})`}`;
      this.log.push(line);
      if (level !== "debug" && !this.life.ended) transcript.add(name, line);
    };
    const logger: BotLogger = {
      debug: add("debug"),
      info: add("info"),
      warn: add("warn"),
      error: add("error"),
    };
    const platform: Platform = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      schedule: (callback, delay) => this.life.schedule(callback, delay),
      random: () => 0.5,
      answerHold: 0,
      onStopSignal: () => () => {},
      onUnhandledRejection: () => () => {},
      onUncaughtException: () => () => {},
      exit: () => {},
      ifStillRunning: () => {},
    };
    const host = new FleetHost({
      bot,
      fleet: "test",
      platform,
      store,
      settings: completeSettings({
        logger,
        signal: this.#stop.signal,
        storage: world.storage,
        loopGuard: false,
      }),
      lease: LEASE,
      capacity,
      serverCapacity: 1_000,
      hostName: name,
      newHostId: () => `${name}.${lives++}`,
      openClient: (id) => {
        const channel = world.channels.get(id);
        if (channel === undefined) throw new Error(`no account ${id}`);
        if (!this.reachesRoomz) throw new ConnectionError("The server does not answer.");
        const connection = new BotConnection(channel, this.life, []);
        this.connections.set(id, connection);
        const options: OptionsWithPlatform = {
          reconnect: false,
          displayName: bot.name,
          logger,
          platform: {
            openSocket: (url) => connection.openSocket(url),
            delaysLargeFrames: false,
            fetch: () => Promise.reject(new TypeError("no network")),
            now: () => clock.now(),
            monotonic: () => clock.monotonic(),
            random: () => 0.5,
            schedule: (callback, delay) => this.life.schedule(callback, delay),
          },
        };
        return Promise.resolve(new AsyncClient(SERVER, "e30.e30.test", options));
      },
      onUnknown: (outcome) => {
        this.unknown.push(outcome);
        transcript.add(name, `(unknown: ${outcome.id}, ${outcome.reason})`);
      },
      onGap: (gap) => {
        this.gaps.push(gap);
        transcript.add(name, `(gap of ${gap.account.email})`);
      },
      onSetAside: (account, reason) =>
        transcript.add(name, `(set aside ${account.email}: ${reason})`),
    });
    observe(this.health, host);
    this.ended = host.run();
  }

  /** As with SIGTERM. */
  stop(): void {
    this.#stop.abort();
  }

  /** As with `kill -9`. */
  kill(): void {
    this.life.end();
  }
}

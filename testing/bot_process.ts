/**
 * One process of a bot, as a machine would run it: the real bot layer and the real client, on a
 * clock, a network and a storage that the test holds.
 * @module
 */
import type { Bot, BotClient, BotLogger, BotStorage } from "../bot/mod.ts";
import type { Platform as BotPlatform } from "../bot/run/platform.ts";
import { completeSettings } from "../bot/run/run_options.ts";
import { RunningBot } from "../bot/run/running_bot.ts";
import { AsyncClient } from "../client/async_client.ts";
import type { Platform as ClientPlatform } from "../client/base/platform.ts";
import type { OptionsWithPlatform } from "../client/connection/options.ts";
import { BotConnection } from "./bot_connection.ts";
import { BotTimers } from "./bot_timers.ts";
import type { Channel } from "./channel.ts";
import { MortalStorage } from "./mortal_storage.ts";
import { ProcessLife } from "./process_life.ts";
import { type LogEntry, TestLogger } from "./test_log.ts";
import type { TestOptions } from "./test_options.ts";
import type { Transcript } from "./transcript.ts";
import type { VirtualClock } from "./virtual_clock.ts";

/** What a process runs on, and what outlives it. */
export interface ProcessEnvironment {
  readonly channels: readonly Channel[];
  readonly clock: VirtualClock;
  readonly storage: BotStorage;
  readonly log: LogEntry[];
  /** What the bot has said, in all channels. */
  readonly answers: string[];
  readonly transcript: Transcript;
}

/** The bot in one channel. */
export interface BotMember {
  /** Its end of the connection. */
  readonly client: BotClient;
  /** The server's. */
  readonly connection: BotConnection;
}

/** A process that runs the bot in every channel. It starts at once. */
export class BotProcess {
  /** Whether it may still do something, and when it no longer may. */
  readonly life: ProcessLife;
  readonly #members = new Map<Channel, BotMember>();
  readonly #stop = new AbortController();
  readonly #timers: BotTimers;
  /** Resolved when nothing runs any more, whatever the reason. */
  readonly #ended = Promise.withResolvers<void>();
  #running = 0;

  /** Runs `bot`, once for every channel. */
  constructor(bot: Bot, environment: ProcessEnvironment, options: TestOptions) {
    const { channels, clock, transcript } = environment;
    this.life = new ProcessLife(clock, () => this.#vanish(bot.name, transcript));
    const logger = new TestLogger(environment.log, transcript, this.life);
    const settings = completeSettings({
      loopGuard: false,
      ...options,
      signal: this.#stop.signal,
      storage: new MortalStorage(environment.storage, this.life),
      logger,
    });
    this.#timers = new BotTimers(clock, this.life);
    const botPlatform = this.#botPlatform(clock);
    for (const channel of channels) {
      const connection = new BotConnection(channel, this.life, environment.answers);
      const clientOptions: OptionsWithPlatform = {
        ...options,
        displayName: bot.name,
        logger,
        platform: this.#clientPlatform(clock, connection),
      };
      const client = new AsyncClient("http://roomz.test", "e30.e30.test", clientOptions);
      this.#members.set(channel, { client, connection });
      void this.#follow(new RunningBot(bot, client, settings, botPlatform), bot.name, logger);
    }
  }

  /** Whether the bot runs in every channel. */
  get running(): boolean {
    return !this.life.over && this.#running === this.#members.size;
  }

  /** Whether it has ended in every channel, by itself or not. */
  get over(): boolean {
    return this.life.over || this.#running === 0;
  }

  /** In how many milliseconds each timer of the bot and its handlers runs, soonest first. */
  get timers(): readonly number[] {
    return this.life.over ? [] : this.#timers.delays;
  }

  /** The bot in a channel. */
  memberOf(channel: Channel): BotMember | undefined {
    return this.#members.get(channel);
  }

  /** Asks the bot to stop; resolves when it has stopped. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended.promise;
  }

  async #follow(run: RunningBot, name: string, logger: BotLogger): Promise<void> {
    this.#running++;
    try {
      await run.run();
    } catch (error) {
      logger.error(`${name}: the run has ended`, error);
    }
    if (--this.#running === 0) this.#ended.resolve();
  }

  #vanish(name: string, transcript: Transcript): void {
    transcript.add(name, "(is killed)");
    for (const { connection } of this.#members.values()) connection.vanish();
    this.#ended.resolve();
  }

  #botPlatform(clock: VirtualClock): BotPlatform {
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      schedule: (callback, delay) => this.#timers.schedule(callback, delay),
      // The run is not standalone: the test's own program has the signals and the rejections.
      onEndingSignal: () => () => {},
      onUnhandledRejection: () => () => {},
    };
  }

  #clientPlatform(clock: VirtualClock, connection: BotConnection): ClientPlatform {
    return {
      openSocket: (url) => connection.openSocket(url),
      fetch: () => Promise.reject(new TypeError("a bot under test has no network")),
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      random: () => 0.5,
      schedule: (callback, delay) => this.life.schedule(callback, delay),
    };
  }
}

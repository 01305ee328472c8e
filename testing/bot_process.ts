/**
 * A simulated process that runs a bot: the real bot layer and client, on a virtual clock and network,
 * with the test's storage.
 * @module
 */
import type { Bot, BotClient, BotLogger, BotStorage } from "../bot/mod.ts";
import { type Platform as BotPlatform, systemPlatform } from "../bot/run/platform.ts";
import { HOLD } from "../bot/question/question_board.ts";
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

/** What a process uses, and what outlives it. */
export interface ProcessEnvironment {
  readonly channels: readonly Channel[];
  readonly clock: VirtualClock;
  readonly storage: BotStorage;
  readonly log: LogEntry[];
  /** What the bot said, in all channels. */
  readonly answers: string[];
  readonly transcript: Transcript;
  /** The names of all bots of the room. */
  readonly bots: ReadonlySet<string>;
}

/** The number that makes `n6a` a bot's first handle, and how far it grows to make it `p6a` for the next bot. */
const FIRST_HANDLE = 0.5;
const NEXT_LETTER = 1 / 23;

/** The bot's connection to one channel. */
export interface BotMember {
  /** The bot's end. */
  readonly client: BotClient;
  /** The server's end. */
  readonly connection: BotConnection;
}

/** A process that runs the bot in every channel. */
export class BotProcess {
  readonly life: ProcessLife;
  readonly #members = new Map<Channel, BotMember>();
  readonly #stop = new AbortController();
  readonly #timers: BotTimers;
  /** Resolves when the process has ended, for whatever reason. */
  readonly #ended = Promise.withResolvers<void>();
  #running = 0;

  /** Starts `bot`, once for every channel. */
  constructor(bot: Bot, environment: ProcessEnvironment, options: TestOptions) {
    const { channels, clock, transcript } = environment;
    this.life = new ProcessLife(clock, () => this.#onKilled(bot.name, transcript));
    const logger = new TestLogger(environment.log, transcript, this.life);
    const settings = completeSettings({
      loopGuard: false,
      ...options,
      signal: this.#stop.signal,
      storage: new MortalStorage(environment.storage, this.life),
      logger,
    });
    this.#timers = new BotTimers(clock, this.life);
    const botPlatform = this.#botPlatform(clock, bot.name, environment.bots);
    for (const channel of channels) {
      const connection = new BotConnection(channel, this.life, environment.answers);
      const clientOptions: OptionsWithPlatform = {
        maxReconnectAttempts: Infinity, // As in runBot.
        ...options,
        displayName: bot.name,
        logger,
        platform: this.#clientPlatform(clock, connection),
      };
      const client = new AsyncClient("http://roomz.test", "e30.e30.test", clientOptions);
      this.#members.set(channel, { client, connection });
      void this.#run(new RunningBot(bot, client, settings, botPlatform), bot.name, logger);
    }
  }

  /** Whether the bot runs in every channel. */
  get running(): boolean {
    return !this.life.ended && this.#running === this.#members.size;
  }

  /** Whether the process has ended in every channel, by itself or not. */
  get ended(): boolean {
    return this.life.ended || this.#running === 0;
  }

  /** The milliseconds until each timer of the bot and its handlers fires, soonest first. */
  get timers(): readonly number[] {
    return this.life.ended ? [] : this.#timers.delays;
  }

  /** The bot's connection to a channel. */
  memberOf(channel: Channel): BotMember | undefined {
    return this.#members.get(channel);
  }

  /** Asks the bot to stop; resolves when it has stopped. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended.promise;
  }

  async #run(run: RunningBot, name: string, logger: BotLogger): Promise<void> {
    this.#running++;
    try {
      await run.run();
    } catch (error) {
      logger.error(`${name}: stopped with an error`, error);
    }
    if (--this.#running === 0) this.#ended.resolve();
  }

  #onKilled(name: string, transcript: Transcript): void {
    transcript.add(name, "(is killed)");
    for (const { connection } of this.#members.values()) connection.kill();
    this.#ended.resolve();
  }

  #botPlatform(clock: VirtualClock, name: string, bots: ReadonlySet<string>): BotPlatform {
    const place = [...bots].indexOf(name);
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      random: () => (FIRST_HANDLE + place * NEXT_LETTER) % 1,
      // With a single bot there are no other questions to wait for.
      get answerHold() {
        return bots.size === 1 ? 0 : HOLD;
      },
      schedule: (callback, delay) => this.#timers.schedule(callback, delay),
      // The run is not standalone: signals and late failures belong to the test runner, but for those of
      // middleware that does not wait for next().
      onStopSignal: () => () => {},
      onUnhandledRejection: (listener) => systemPlatform.onUnhandledRejection(listener),
      onUncaughtException: () => () => {},
      exit: () => {},
      ifStillRunning: () => {},
    };
  }

  #clientPlatform(clock: VirtualClock, connection: BotConnection): ClientPlatform {
    return {
      openSocket: (url) => connection.openSocket(url),
      delaysLargeFrames: false,
      fetch: () => Promise.reject(new TypeError("a bot under test has no network")),
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      random: () => 0.5,
      schedule: (callback, delay) => this.life.schedule(callback, delay),
    };
  }
}

/**
 * One run of a bot, from connecting to the end.
 * @module
 */
import { aborted } from "../../client/base/aborted.ts";
import {
  ClientError,
  ConnectionError,
  type EventHandler,
  type EventName,
} from "../../client/mod.ts";
import { OtherBots } from "../command/other_bots.ts";
import type { BotClient } from "../context/bot_client.ts";
import { Pacer } from "../context/pacer.ts";
import { Tracer } from "../handler/tracing.ts";
import { DefaultStorage } from "../storage/default_storage.ts";
import { Records } from "../storage/records.ts";
import { type Bot, programOf } from "./bot.ts";
import { Inbox } from "./inbox.ts";
import type { Platform } from "./platform.ts";
import { Questions } from "./questions.ts";
import type { CompleteSettings } from "./run_options.ts";
import { Scheduler } from "./scheduler.ts";

/** Runs a bot once. */
export class RunningBot {
  readonly #name: string;
  readonly #client: BotClient;
  readonly #settings: CompleteSettings;
  readonly #platform: Platform;
  readonly #questions: Questions;
  readonly #otherBots: OtherBots;
  readonly #inbox: Inbox;
  readonly #scheduler: Scheduler;
  /** Aborts when the run ends: no more is taken. */
  readonly #ended = new AbortController();
  /** Aborts when what has begun is waited for no longer. */
  readonly #cut = new AbortController();
  /** Takes every listener back, in the order of their registration. */
  readonly #undo: (() => void)[] = [];
  #failure: ClientError | undefined;

  /** Prepares a run; `run()` may be called once. */
  constructor(bot: Bot, client: BotClient, settings: CompleteSettings, platform: Platform) {
    this.#name = bot.name;
    this.#client = client;
    this.#settings = settings;
    this.#platform = platform;
    this.#questions = new Questions(platform);
    this.#otherBots = new OtherBots(platform);
    const { logger } = settings;
    const records = new Records(settings.storage ?? this.#defaultStorage(), () => platform.now());
    const runtime = {
      client,
      logger,
      clock: platform,
      records,
      questions: this.#questions,
      otherBots: this.#otherBots,
      pacer: settings.sendRate && new Pacer(settings.sendRate, platform),
      tracer: Tracer.find(),
      signal: this.#cut.signal,
    };
    const inbox = new Inbox(bot, runtime, settings);
    this.#inbox = inbox;
    this.#scheduler = new Scheduler(bot.name, programOf(bot).schedules, runtime, (...tick) => {
      return inbox.takeTick(...tick);
    });
  }

  /**
   * Connects, answers until it is asked to end, and finishes what has begun.
   * @throws {AuthenticationError} The server refused the session, at first or at a reconnection.
   * @throws {ConnectionError} The server was not reached, or the connection was given up.
   */
  async run(): Promise<void> {
    if (this.#settings.signal?.aborted) return;
    const connectsHere = !this.#client.connected;
    try {
      this.#listenToTheHost();
      this.#listenToTheRoom();
      if (connectsHere && !await this.#connect()) return;
      this.#listenToTheConnection();
      await this.#setDisplayName();
      this.#settings.logger.info(`${this.#name}: ready`);
      this.#resume();
      const stopSchedules = this.#scheduler.start();
      await aborted(this.#ended.signal);
      stopSchedules();
      await this.#finish();
      if (this.#failure !== undefined) throw this.#failure;
    } finally {
      for (const undo of this.#undo) undo();
      this.#inbox.close();
      this.#cut.abort(this.#ended.signal.reason);
      if (connectsHere) await this.#client.disconnect();
    }
  }

  #defaultStorage(): DefaultStorage {
    const storage = new DefaultStorage(this.#settings.logger);
    this.#undo.push(() => storage[Symbol.dispose]());
    return storage;
  }

  /** False when the run ended meanwhile. */
  async #connect(): Promise<boolean> {
    try {
      await this.#client.connect(undefined, { signal: this.#ended.signal });
      return true;
    } catch (error) {
      if (this.#ended.signal.aborted) return false;
      throw error;
    }
  }

  /** Ends the run; the first reason counts. */
  #end(reason: string, failure?: ClientError): void {
    if (this.#ended.signal.aborted) return;
    this.#failure = failure;
    this.#ended.abort(new DOMException(reason, "AbortError"));
  }

  #listenToTheHost(): void {
    const { signal, standalone, logger } = this.#settings;
    if (signal !== undefined) {
      const listener = () => this.#end("The bot was asked to stop.");
      signal.addEventListener("abort", listener);
      this.#undo.push(() => signal.removeEventListener("abort", listener));
    }
    if (!standalone) return;
    let asked = false;
    this.#undo.push(
      this.#platform.onEndingSignal((name) => {
        if (asked) this.#cut.abort(new DOMException(`${name} came twice.`, "AbortError"));
        asked = true;
        this.#end(`The system asked the bot to stop: ${name}.`);
      }),
      this.#platform.onUnhandledRejection((reason) => {
        logger.error(
          `${this.#name}: a promise was rejected that nobody waited for (is an "await" missing?)`,
          reason,
        );
      }),
    );
  }

  #listenToTheRoom(): void {
    const ended = this.#ended.signal;
    this.#on("message", (message) => {
      if (!ended.aborted) this.#inbox.takeMessage(message);
    });
    for (const name of ["user_joined", "user_left", "display_name_changed"] as const) {
      this.#on(name, (event) => {
        if (!ended.aborted) this.#inbox.takeEvent(name, event);
      });
    }
    this.#on("user_joined", (event) => this.#otherBots.connectionsChanged(event.total_connections));
    this.#on(
      "user_left",
      (event) => this.#otherBots.connectionsChanged(event.remaining_connections),
    );
    this.#on("display_name_changed", () => this.#otherBots.nameChanged());
  }

  /** The client reconnects by itself: only a connection that is gone for good ends the run. */
  #listenToTheConnection(): void {
    this.#on("connection_state_changed", ({ state, reason }) => {
      if (state === "connected") this.#resume();
      else this.#otherBots.connectionLost();
      if (state !== "disconnected") return;
      // The error that says more comes right after this event, where there is one.
      queueMicrotask(() => {
        const message = reason ?? "Something other than runBot disconnected the bot's client. " +
            "To stop a bot, abort the signal that runBot was given.";
        this.#end(message, new ConnectionError(message));
      });
    });
    this.#on("error", ({ error, cause }) => {
      if (this.#client.connectionState !== "disconnected") {
        this.#settings.logger.warn(`${this.#name}: ${error}`);
        return;
      }
      // What ends the run is thrown, so that it is told once.
      this.#end(
        error,
        cause instanceof ClientError ? cause : new ConnectionError(error, { cause }),
      );
    });
  }

  /** What the bot was in the middle of goes on: after a start, and after a loss of the connection. */
  #resume(): void {
    const { user } = this.#client;
    if (user !== null && !this.#ended.signal.aborted) this.#inbox.resume(user.id);
  }

  #on<E extends EventName>(event: E, handler: EventHandler<E>): void {
    this.#client.on(event, handler);
    this.#undo.push(() => this.#client.off(event, handler));
  }

  async #setDisplayName(): Promise<void> {
    if (this.#client.displayName === this.#name) return;
    const problem = await this.#client.setDisplayName(this.#name).then(
      (result) => result.status === "ok" ? undefined : result.error,
      // The connection is gone again: what comes of that is told by its own events.
      (error: unknown) => String(error),
    );
    if (problem === undefined) return;
    this.#settings.logger.warn(`${this.#name}: the display name was not set: ${problem}`);
  }

  /** Waits for what has begun, within the bound. */
  async #finish(): Promise<void> {
    const { drainTimeout, logger } = this.#settings;
    const inbox = this.#inbox;
    this.#questions.stop();
    this.#otherBots.stop();
    if (inbox.pending > 0) {
      logger.info(`${this.#name}: stops when ${inbox.pending} messages are done`);
      // Without a connection nothing that has begun can answer.
      const bound = this.#failure === undefined ? drainTimeout : 0;
      const cancel = this.#platform.schedule(
        () => this.#cut.abort(this.#ended.signal.reason),
        bound,
      );
      await Promise.race([inbox.idle(), aborted(this.#cut.signal)]);
      cancel();
    }
    if (inbox.pending > 0) logger.warn(`${this.#name}: ${inbox.pending} messages were cut short`);
  }
}

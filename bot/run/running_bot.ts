/**
 * One run of a bot, from connecting to disconnecting.
 * @module
 */
import { aborted } from "../../client/base/aborted.ts";
import { Backoff } from "../../client/connection/backoff.ts";
import { Outbox } from "../../client/connection/outbox.ts";
import { isTransient, requestedDelay } from "../../client/connection/transient.ts";
import {
  ClientError,
  ConnectionError,
  type EventHandler,
  type EventName,
} from "../../client/mod.ts";
import { OtherBots } from "../command/other_bots.ts";
import { RoomNames } from "../command/room_names.ts";
import type { BotClient } from "../context/bot_client.ts";
import { announce } from "../context/bot_logger.ts";
import { atMost } from "../context/clock.ts";
import { Pacer } from "../context/pacer.ts";
import { sendText } from "../context/reply.ts";
import type { RoomEvents } from "../definition/definition.ts";
import { FlowQuestions } from "../flow/flow_questions.ts";
import { Tracer } from "../handler/tracing.ts";
import { DefaultStorage } from "../storage/default_storage.ts";
import { Records } from "../storage/records.ts";
import { type Bot, programOf } from "./bot.ts";
import type { BotRuntime } from "./bot_runtime.ts";
import { Inbox } from "./inbox.ts";
import type { Platform } from "./platform.ts";
import { exitSoon, listenToProcess, type ProcessUser } from "./process_events.ts";
import { Questions } from "./questions.ts";
import type { CompleteSettings } from "./run_options.ts";
import { Scheduler } from "./scheduler.ts";
import { SessionWatch } from "./session_watch.ts";
import { StopRequest } from "./stop_request.ts";

/** How long the end of a run waits for the session cache, milliseconds; reading it takes a few. */
const READ_TIME = 500;

/** The events that a run listens to. */
const EVENTS = [
  "message",
  "user_joined",
  "user_left",
  "display_name_changed",
  "connection_state_changed",
  "error",
] as const;

type Listeners = { [E in EventName]?: EventHandler<E> };

/** One run of a bot. */
export class RunningBot {
  readonly #name: string;
  readonly #client: BotClient;
  readonly #settings: CompleteSettings;
  readonly #platform: Platform;
  readonly #questions: Questions;
  readonly #otherBots: OtherBots;
  readonly #inbox: Inbox;
  readonly #scheduler: Scheduler;
  readonly #sessionWatch: SessionWatch;
  /** Made when the bot stops accepting messages. */
  readonly #stopping = new StopRequest();
  /** Aborts when the bot no longer waits for running handlers. */
  readonly #handlers = new AbortController();
  /** One handler for each event. */
  readonly #listeners: Listeners = {};
  /** Clean-up functions, run in order at the end. */
  readonly #cleanups: (() => void)[] = [];
  #failure: ClientError | undefined;
  #drainTimeout: number;

  /** Prepares a run. */
  constructor(bot: Bot, client: BotClient, settings: CompleteSettings, platform: Platform) {
    this.#name = bot.name;
    this.#client = client;
    this.#settings = settings;
    this.#platform = platform;
    this.#drainTimeout = settings.drainTimeout;
    this.#questions = new Questions(platform, client);
    this.#otherBots = new OtherBots(platform);
    const { logger } = settings;
    const records = new Records(settings.storage ?? this.#defaultStorage(), () => platform.now());
    const reply = (text: string) => sendText(runtime, text);
    const flowQuestions = new FlowQuestions(() => this.#questions.board, reply);
    const runtime: BotRuntime = {
      client,
      logger,
      reply,
      clock: platform,
      records,
      questions: this.#questions,
      flowQuestions,
      otherBots: this.#otherBots,
      names: new RoomNames(),
      outbox: new Outbox(),
      pacer: settings.sendRate && new Pacer(settings.sendRate, platform),
      tracer: Tracer.find({
        "roomz.bot": bot.name,
        // Says nothing about its owner.
        ...(settings.claims === undefined ? {} : { "roomz.account": settings.claims.account }),
      }),
      signal: this.#handlers.signal,
    };
    const inbox = new Inbox(bot, runtime, settings);
    this.#inbox = inbox;
    this.#scheduler = new Scheduler(bot.name, programOf(bot).schedules, runtime, (...tick) => {
      return inbox.takeTick(...tick);
    });
    this.#sessionWatch = new SessionWatch({
      name: bot.name,
      client,
      clock: platform,
      logger,
      announce: async (text) => {
        if (settings.announceExpiry && client.connected) await sendText(runtime, text);
      },
    });
  }

  /**
   * Connects, handles messages until the bot is stopped, and lets running handlers finish. May be
   * called once.
   * @throws {AuthenticationError} The server refused the session, on connecting or reconnecting.
   * @throws {ConnectionError} The server is unreachable, or reconnecting failed.
   */
  async run(): Promise<void> {
    if (this.#settings.signal?.aborted) return;
    const connectsHere = !this.#client.connected;
    let failed = false;
    try {
      this.#listenToPlatform();
      const { health } = this.#settings;
      if (health !== undefined) this.#cleanups.push(health.observe(this.#client, this.#platform));
      this.#listenToRoom();
      if (connectsHere && !await this.#connect()) return;
      this.#listenToConnection();
      await this.#setDisplayName();
      this.#sayReady();
      this.#resume();
      void this.#sessionWatch.start();
      this.#cleanups.push(() => this.#sessionWatch.stop());
      const stopSchedules = this.#scheduler.start(this.#settings.succeeds);
      await this.#stopping.requested;
      stopSchedules();
      await this.#finish();
      if (this.#failure !== undefined) throw this.#failure;
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      for (const event of EVENTS) this.#off(event);
      for (const cleanUp of this.#cleanups) cleanUp();
      this.#inbox.close();
      this.#handlers.abort(this.#stopping.reason);
      exitSoon(this.#processUser, failed);
      await Promise.all([
        connectsHere ? this.#client.disconnect() : undefined,
        // When the run has ended, no file of the session is open any more.
        atMost(READ_TIME, this.#sessionWatch.reading, this.#platform),
      ]);
    }
  }

  /**
   * Stops the bot: it accepts no more messages, and running handlers may finish within `drainTimeout`
   * milliseconds. Only the first call counts.
   */
  stop(reason: string, drainTimeout: number = this.#drainTimeout): void {
    if (!this.#stopping.made) this.#drainTimeout = drainTimeout;
    this.#stop(reason);
  }

  #defaultStorage(): DefaultStorage {
    const storage = new DefaultStorage(this.#settings.logger);
    this.#cleanups.push(() => storage[Symbol.dispose]());
    return storage;
  }

  /** Connects, as soon as the server is up; returns false if the bot was stopped in the meantime. */
  async #connect(): Promise<boolean> {
    const { signal } = this.#stopping;
    const { waitForServer, reconnectDelay, logger } = this.#settings;
    const backoff = new Backoff(reconnectDelay, () => this.#platform.random());
    for (let attempt = 1;; attempt++) {
      try {
        await this.#client.connect(undefined, { signal });
        return true;
      } catch (error) {
        if (signal.aborted) return false;
        if (!waitForServer || !isTransient(error)) throw error;
        if (attempt === 1) logger.warn(`${this.#name}: ${error.facts} Waiting for the server.`);
        await this.#wait(Math.max(backoff.next(), requestedDelay(error)));
        if (signal.aborted) return false;
      }
    }
  }

  /** Resolves after `delay` milliseconds, or when the bot is stopped. */
  #wait(delay: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const cancel = this.#platform.schedule(end, delay);
      signal.addEventListener("abort", end);
    });
  }

  #sayReady(): void {
    const { standalone, logger } = this.#settings;
    const { user } = this.#client;
    const ready = `${this.#name}: ready${user === null ? "" : ` for ${user.email}`}`;
    if (standalone) announce(logger, ready);
    else logger.info(ready);
  }

  /** Stops the bot; only the first call counts. */
  #stop(reason: string, failure?: ClientError): void {
    if (this.#stopping.made) return;
    this.#failure = failure;
    this.#stopping.make(reason);
  }

  #listenToPlatform(): void {
    const { signal } = this.#settings;
    if (signal !== undefined) {
      const listener = () => this.#stop("The bot was asked to stop.");
      signal.addEventListener("abort", listener);
      this.#cleanups.push(() => signal.removeEventListener("abort", listener));
    }
    this.#cleanups.push(listenToProcess(this.#processUser));
  }

  get #processUser(): ProcessUser {
    const { standalone, logger } = this.#settings;
    const stop = (reason: string) => this.#stop(reason);
    return { name: this.#name, platform: this.#platform, logger, standalone, stop };
  }

  #listenToRoom(): void {
    this.#on("message", (message) => {
      if (!this.#stopping.made) this.#inbox.takeMessage(message);
    });
    this.#on("user_joined", (event) => {
      this.#takeEvent("user_joined", event);
      this.#otherBots.connectionsChanged(event.total_connections);
    });
    this.#on("user_left", (event) => {
      this.#takeEvent("user_left", event);
      this.#otherBots.connectionsChanged(event.remaining_connections);
      this.#questions.left(event.user);
    });
    this.#on("display_name_changed", (event) => {
      this.#takeEvent("display_name_changed", event);
      this.#otherBots.nameChanged();
    });
  }

  #takeEvent<E extends keyof RoomEvents>(name: E, event: RoomEvents[E]): void {
    if (!this.#stopping.made) this.#inbox.takeEvent(name, event);
  }

  /** The client reconnects by itself; the run ends only when it gives up. */
  #listenToConnection(): void {
    this.#on("connection_state_changed", ({ state, reason }) => {
      if (state === "connected") {
        this.#questions.restored();
        void this.#sessionWatch.start();
        this.#resume();
      } else {
        this.#questions.lost();
        this.#otherBots.connectionLost();
      }
      if (state !== "disconnected") return;
      // If there is an error event with more detail, it comes right after this one.
      queueMicrotask(() => {
        const message = reason ??
          "The bot's client was disconnected by something other than runBot. " +
            "To stop a bot, abort the signal passed to runBot.";
        this.#stop(message, new ConnectionError(message));
      });
    });
    this.#on("error", ({ error, cause }) => {
      if (this.#client.connectionState !== "disconnected") {
        this.#settings.logger.warn(`${this.#name}: ${error}`);
        return;
      }
      // An error that ends the run is thrown, so it is not logged as well.
      this.#stop(
        error,
        cause instanceof ClientError ? cause : new ConnectionError(error, { cause }),
      );
    });
  }

  /** Resumes interrupted flows, after a start and after a reconnect. */
  #resume(): void {
    const { user } = this.#client;
    if (user !== null && !this.#stopping.made) this.#inbox.resume(user.id);
  }

  #on<E extends EventName>(event: E, handler: EventHandler<E>): void {
    const listeners: { [P in E]?: EventHandler<P> } = this.#listeners;
    listeners[event] = handler;
    this.#client.on(event, handler);
  }

  #off<E extends EventName>(event: E): void {
    const handler = this.#listeners[event];
    if (handler !== undefined) this.#client.off(event, handler);
  }

  async #setDisplayName(): Promise<void> {
    if (this.#client.displayName === this.#name) return;
    const problem = await this.#client.setDisplayName(this.#name).then(
      (result) => result.status === "ok" ? undefined : result.error,
      // The connection was lost: its own events report what happens next.
      (error: unknown) => String(error),
    );
    if (problem === undefined) return;
    this.#settings.logger.warn(`${this.#name}: could not set the display name: ${problem}`);
  }

  /** Waits for running handlers, within the limit. */
  async #finish(): Promise<void> {
    const { logger } = this.#settings;
    const inbox = this.#inbox;
    this.#questions.stop();
    this.#otherBots.stop();
    if (inbox.pending > 0) {
      logger.info(`${this.#name}: waiting for ${inbox.pending} pending handlers`);
      // Without a connection, no handler can reply.
      const limit = this.#failure === undefined ? this.#drainTimeout : 0;
      const cancel = this.#platform.schedule(
        () => this.#handlers.abort(this.#stopping.reason),
        limit,
      );
      await Promise.race([inbox.idle(), aborted(this.#handlers.signal)]);
      cancel();
    }
    if (inbox.pending > 0) {
      logger.warn(`${this.#name}: ${inbox.pending} pending handlers were interrupted`);
    }
  }
}

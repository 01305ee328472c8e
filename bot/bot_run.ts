/**
 * One run of a bot, from connecting to the end.
 * @module
 */
import {
  ClientError,
  ConnectionError,
  type ConnectionStateChangedEvent,
  type ErrorEvent,
  type EventHandler,
  type EventName,
  type Message,
} from "../client/mod.ts";
import { type Bot, type BotProgram, type BotRuntime, type Plan, programOf } from "./bot.ts";
import type { BotClient } from "./bot_client.ts";
import type { RoomEvents } from "./definition.ts";
import { deviceKey } from "./device_key.ts";
import type { Host } from "./host.ts";
import { LoopGuard } from "./loop_guard.ts";
import { OrderedQueue } from "./ordered_queue.ts";
import { quoted } from "./quoted_text.ts";
import { sendText } from "./reply.ts";
import type { CompleteSettings } from "./run_options.ts";

/** Runs a bot once. */
export class BotRun {
  readonly #name: string;
  readonly #program: BotProgram;
  readonly #client: BotClient;
  readonly #settings: CompleteSettings;
  readonly #host: Host;
  readonly #queue: OrderedQueue;
  readonly #loopGuard: LoopGuard | undefined;
  readonly #runtime: BotRuntime;
  /** Aborts when the run ends: no more is taken. */
  readonly #ended = new AbortController();
  /** Aborts when what has begun is waited for no longer. */
  readonly #cut = new AbortController();
  readonly #undo: (() => void)[] = [];
  #failure: ClientError | undefined;
  /** Messages refused since the queue was last full; 0 while there is room. */
  #refused = 0;

  /** Prepares a run; `run()` may be called once. */
  constructor(bot: Bot, client: BotClient, settings: CompleteSettings, host: Host) {
    this.#name = bot.name;
    this.#program = programOf(bot);
    this.#client = client;
    this.#settings = settings;
    this.#host = host;
    this.#queue = new OrderedQueue(settings.maxPending);
    this.#loopGuard = settings.loopGuard && new LoopGuard(settings.loopGuard, () => host.now());
    this.#runtime = { client, logger: settings.logger, signal: this.#cut.signal };
  }

  /**
   * Connects, answers until it is asked to end, and finishes what has begun.
   * @throws {AuthenticationError} The server refused the session, at first or at a reconnection.
   * @throws {ConnectionError} The server was not reached, or the connection was given up.
   */
  async run(): Promise<void> {
    if (this.#settings.signal?.aborted) return;
    const client = this.#client;
    const connectsHere = !client.connected;
    try {
      this.#listenToTheHost();
      this.#listenToTheRoom();
      if (connectsHere && !await this.#connect()) return;
      this.#listenToTheConnection();
      await this.#setDisplayName();
      this.#settings.logger.info(`${this.#name}: ready`);
      await aborted(this.#ended.signal);
      await this.#finish();
      if (this.#failure !== undefined) throw this.#failure;
    } finally {
      for (const undo of this.#undo.splice(0).reverse()) undo();
      this.#cut.abort(this.#ended.signal.reason);
      if (connectsHere) await client.disconnect();
    }
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
      this.#host.onEndingSignal((name) => {
        if (asked) this.#cut.abort(new DOMException(`${name} came twice.`, "AbortError"));
        asked = true;
        this.#end(`The system asked the bot to stop: ${name}.`);
      }),
      this.#host.onUnhandledRejection((reason) => {
        logger.error(
          `${this.#name}: a promise was rejected that nobody waited for (is an "await" missing?)`,
          reason,
        );
      }),
    );
  }

  #listenToTheRoom(): void {
    this.#on("message", (message) => this.#takeMessage(message));
    for (const name of ["user_joined", "user_left", "display_name_changed"] as const) {
      this.#on(name, (event: RoomEvents[typeof name]) => {
        for (const plan of this.#program.planEvent(name, event)) this.#enqueue(plan);
      });
    }
  }

  /** The client reconnects by itself: only a connection that is gone for good ends the run. */
  #listenToTheConnection(): void {
    this.#on("connection_state_changed", ({ state, reason }: ConnectionStateChangedEvent) => {
      if (state !== "disconnected") return;
      // The error that says more comes right after this event, where there is one.
      queueMicrotask(() => {
        const message = reason ?? "Something other than runBot disconnected the bot's client. " +
            "To stop a bot, abort the signal that runBot was given.";
        this.#end(message, new ConnectionError(message));
      });
    });
    this.#on("error", ({ error, cause }: ErrorEvent) => {
      this.#settings.logger.warn(`${this.#name}: ${error}`);
      if (this.#client.connectionState !== "disconnected") return;
      this.#end(
        error,
        cause instanceof ClientError ? cause : new ConnectionError(error, { cause }),
      );
    });
  }

  #on<E extends EventName>(event: E, handler: EventHandler<E>): void {
    this.#client.on(event, handler);
    this.#undo.push(() => this.#client.off(event, handler));
  }

  async #setDisplayName(): Promise<void> {
    if (this.#client.displayName === this.#name) return;
    try {
      const result = await this.#client.setDisplayName(this.#name);
      if (result.status === "ok") return;
      this.#settings.logger.warn(`${this.#name}: the display name was not set: ${result.error}`);
    } catch (error) {
      // The connection is gone again: what comes of that is told by its own events.
      this.#settings.logger.warn(`${this.#name}: the display name was not set: ${error}`);
    }
  }

  #takeMessage(message: Message): void {
    // What the bot says itself is no command.
    if (message.own === true || this.#ended.signal.aborted) return;
    const plan = this.#program.planMessage(message);
    if (plan === undefined) return;
    const from = quoted(message.user.display_name ?? message.user.email);
    if (message.own === undefined) {
      return this.#settings.logger.warn(
        `${this.#name}: a message from ${from} was not answered, for it may be the bot's own ` +
          "(the acknowledgement that tells did not come in time)",
      );
    }
    const verdict = this.#loopGuard?.check(deviceKey(message.user)) ?? "take";
    if (verdict === "take") return this.#enqueue(plan);
    if (verdict === "warn") this.#tell(`${from} calls too often: ignored until it is silent.`);
  }

  #enqueue(plan: Plan): void {
    const { signal } = this.#cut;
    const taken = this.#queue.add(plan.orderKey, async () => {
      if (!signal.aborted) await plan.run(this.#runtime);
    });
    if (!taken) {
      if (this.#refused++ > 0) return;
      return this.#tell("Too much to do at once: that was not done. Send it again later.");
    }
    if (this.#refused === 0) return;
    this.#settings.logger.warn(`${this.#name}: there is room again; ${this.#refused} were refused`);
    this.#refused = 0;
  }

  /** Says something to the room and the log that no handler does. */
  #tell(text: string): void {
    const { logger } = this.#settings;
    logger.warn(`${this.#name}: ${text}`);
    sendText(this.#client, text, this.#cut.signal).catch((error: unknown) => {
      logger.warn(`${this.#name}: that was not said in the room: ${error}`);
    });
  }

  /** Waits for what has begun, within the bound. */
  async #finish(): Promise<void> {
    const { drainTimeout, logger } = this.#settings;
    // Without a connection nothing that has begun can answer.
    const bound = this.#failure === undefined ? drainTimeout : 0;
    if (this.#queue.pending > 0) {
      logger.info(`${this.#name}: stops when ${this.#queue.pending} messages are done`);
      const cancel = this.#host.schedule(() => this.#cut.abort(this.#ended.signal.reason), bound);
      await Promise.race([this.#queue.idle(), aborted(this.#cut.signal)]);
      cancel();
    }
    if (this.#queue.pending > 0) {
      logger.warn(`${this.#name}: ${this.#queue.pending} messages were cut short`);
    }
  }
}

/** Resolves when the signal aborts. */
function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

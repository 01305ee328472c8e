/**
 * A room with a bot under test.
 * @module
 */
import { type Bot, type BotStorage, type Clock, ConfigurationError } from "../bot/mod.ts";
import type { Reorder } from "./bot_connection.ts";
import { type BotMember, BotProcess } from "./bot_process.ts";
import type { Channel } from "./channel.ts";
import { newSharedRoom, type SharedRoom } from "./shared_room.ts";
import { TestDevice } from "./test_device.ts";
import type { LogEntry } from "./test_log.ts";
import { type AddedBotOptions, checkBot, readDate, type TestOptions } from "./test_options.ts";

/**
 * A running bot, with the rooms of its accounts. `testBot` makes it. At the end of its `await using`
 * block the bot is stopped, and running handlers are interrupted.
 */
export class TestRoom implements AsyncDisposable {
  readonly #bot: Bot;
  readonly #options: TestOptions;
  readonly #shared: SharedRoom;
  readonly #storage: BotStorage;
  readonly #log: LogEntry[] = [];
  readonly #answers: string[] = [];
  #process: BotProcess;

  /**
   * Starts the bot, in the room of `neighbour` if given. Use `testBot` or `addBot`, which also wait
   * until the bot is connected.
   */
  constructor(bot: Bot, options: TestOptions, neighbour?: TestRoom) {
    this.#bot = bot;
    this.#options = options;
    this.#shared = neighbour === undefined ? newSharedRoom(options) : neighbour.#shared;
    this.#shared.bots.add(bot.name);
    this.#storage = options.storage ?? this.#shared.storage;
    this.#process = this.#start();
  }

  /** The bot's clock. Only `advance`, `advanceTo`, `reconnect` and `setClock` move it. */
  get clock(): Clock {
    return this.#shared.clock;
  }

  /** Where the bot's sessions and flows are stored. */
  get storage(): BotStorage {
    return this.#storage;
  }

  /** What the bot has said, in all accounts, in order. */
  get answers(): readonly string[] {
    return [...this.#answers];
  }

  /** What the bot has logged, in order; an error's `cause` is what the handler threw. */
  get log(): readonly LogEntry[] {
    return [...this.#log];
  }

  /** Whether the bot runs: false if it was stopped or killed, or has given up reconnecting. */
  get running(): boolean {
    return this.#process.running;
  }

  /**
   * The milliseconds until each timer of the bot and its handlers fires, soonest first. Empty if
   * nothing is pending. Timers of the connection are not included.
   *
   * @example A cancelled alarm leaves no timer
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { defineBot } from "@roomz/roomz/bot";
   * import { testBot } from "@roomz/roomz/testing";
   *
   * let cancel = () => {};
   * const bot = defineBot({
   *   name: "alarm",
   *   commands: {
   *     "set <time:duration>": ({ args, clock, reply }) => {
   *       cancel = clock.schedule(() => reply("Ring!"), args.time);
   *     },
   *     "cancel": () => cancel(),
   *   },
   * });
   * await using room = await testBot(bot);
   * const phone = room.device("phone");
   * await phone.say("!set 10m");
   * assertEquals(room.timers, [600_000]);
   * await phone.say("!cancel");
   * assertEquals(room.timers, []);
   * ```
   */
  get timers(): readonly number[] {
    return this.#process.timers;
  }

  /**
   * A readable record of everything that happened so far, with the time in seconds. Pass it to an
   * assertion as its message.
   *
   * @example An assertion that shows the transcript if it fails
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { defineBot } from "@roomz/roomz/bot";
   * import { testBot } from "@roomz/roomz/testing";
   *
   * const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
   * await using room = await testBot(bot);
   * const phone = room.device("phone");
   * await phone.say("!ping");
   * assertEquals(phone.heard, ["pong"], room.transcript);
   * // 0.000s  phone   !ping
   * // 0.000s  helper  pong
   * ```
   */
  get transcript(): string {
    return this.#shared.transcript.toString();
  }

  /**
   * Returns the device with this display name; it joins the room if it is not there. null is a device
   * without a name. `account` is one of the option `accounts`; default: the first.
   */
  device(name: string | null, account?: string): TestDevice {
    const channel = this.#channelOf(account);
    const { clock, transcript, patience, devices: all } = this.#shared;
    const devices = all.get(channel) ?? new Map<string | null, TestDevice>();
    all.set(channel, devices);
    let device = devices.get(name);
    if (device === undefined || device.gone || device.name !== name) {
      device = new TestDevice(name, { channel, clock, transcript, patience });
      devices.set(name, device);
    }
    return device;
  }

  /**
   * Adds another bot to the room, or another process of the same bot. The bots see each other's
   * messages, and share the accounts, the clock, the devices and, by default, the storage. Resolves,
   * when the bot is connected, to a room for that bot, with its own `answers`, `log`, crashes and
   * faults. Devices hear both bots.
   *
   * Two bots that reply to each other's replies never stop: see the option `loopGuard`.
   *
   * @throws {ConfigurationError} `bot` was not made by `defineBot`, or an option is invalid.
   *
   * @example The next version takes over while the old one still runs
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { defineBot } from "@roomz/roomz/bot";
   * import { testBot } from "@roomz/roomz/testing";
   *
   * const counter = (unit: string) =>
   *   defineBot({
   *     name: "counter",
   *     session: { initial: () => ({ count: 0 }) },
   *     commands: { "add": ({ session }) => `${++session.count} ${unit}` },
   *   });
   * await using before = await testBot(counter("cups"));
   * const phone = before.device("phone");
   * assertEquals(await phone.say("!add"), ["1 cups"]);
   * await using after = await before.addBot(counter("mugs"));
   * await before.stop();
   * assertEquals(await phone.say("!add"), ["2 mugs"]);
   * assertEquals(after.answers, ["2 mugs"]);
   * ```
   */
  async addBot(bot: Bot, options: AddedBotOptions = {}): Promise<TestRoom> {
    checkBot("addBot", bot);
    const room = new TestRoom(bot, options, this);
    await room.settled();
    return room;
  }

  /** Resolves when the bot has done everything it can do without time passing. */
  async settled(): Promise<void> {
    await this.#shared.clock.settled();
  }

  /**
   * Advances the clock, and fires each timer of the bot when it is due. Resolves to what the bot said
   * in that time, in all accounts.
   *
   * @example Test a reminder
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { defineBot } from "@roomz/roomz/bot";
   * import { testBot } from "@roomz/roomz/testing";
   *
   * const bot = defineBot({
   *   name: "helper",
   *   commands: {
   *     "tea <time:duration>": ({ args, clock, reply }) => {
   *       clock.schedule(() => reply("Tea!"), args.time);
   *       return "I will remind you.";
   *     },
   *   },
   * });
   * await using room = await testBot(bot);
   * assertEquals(await room.device("phone").say("!tea 4m"), ["I will remind you."]);
   * assertEquals(await room.advance(239_999), []);
   * assertEquals(await room.advance(1), ["Tea!"]);
   * ```
   */
  async advance(milliseconds: number): Promise<readonly string[]> {
    if (!(milliseconds >= 0 && milliseconds < Infinity)) {
      throw new ConfigurationError(
        `advance requires a finite number of milliseconds, 0 or more, not ${milliseconds}.`,
      );
    }
    const before = this.#answers.length;
    await this.#shared.clock.advance(milliseconds);
    return this.#answers.slice(before);
  }

  /** Advances the clock to a date: see {@linkcode TestRoom.advance}. */
  async advanceTo(date: string | Date): Promise<readonly string[]> {
    return await this.advance(readDate(date) - this.#shared.clock.now());
  }

  /**
   * Sets the bot's clock to a date, as when a wrong clock is corrected. No time passes: timers run when
   * they would have run anyway.
   *
   * @example A clock that was a year ahead
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { defineBot } from "@roomz/roomz/bot";
   * import { testBot } from "@roomz/roomz/testing";
   *
   * const bot = defineBot({
   *   name: "helper",
   *   schedule: { news: { every: "1h", run: ({ due }) => due.toISOString() } },
   * });
   * await using room = await testBot(bot, { startTime: "2027-06-01T12:30:00Z" });
   * room.setClock("2026-06-01T12:30:00Z");
   * assertEquals(await room.advance(3_600_000), ["2026-06-01T13:00:00.000Z"]);
   * ```
   */
  setClock(date: string | Date): void {
    this.#shared.clock.set(readDate(date));
  }

  /**
   * Kills the bot, as with `kill -9`: nothing finishes, and only its storage is left. JavaScript cannot
   * kill a running handler. It continues, but can no longer say or store anything; it can still change
   * objects that it shares with your test.
   */
  crash(): void {
    this.#process.life.end();
  }

  /**
   * Kills the bot between two effects: it may say something, or write to or delete from its storage,
   * `steps` more times, and is killed instead of the next time. `Infinity` cancels this.
   *
   * @example Kill a bot at every possible point
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { defineBot } from "@roomz/roomz/bot";
   * import { testBot } from "@roomz/roomz/testing";
   *
   * const bot = defineBot({
   *   name: "counter",
   *   session: { initial: () => ({ count: 0 }) },
   *   commands: {
   *     "add": ({ session }) => `${++session.count}`,
   *     "count": ({ session }) => `${session.count}`,
   *   },
   * });
   * for (let steps = 0, finished = false; !finished; steps++) {
   *   await using room = await testBot(bot);
   *   const phone = room.device("phone");
   *   room.crashAfter(steps);
   *   const answers = await phone.say("!add");
   *   finished = room.running;
   *   if (finished) continue;
   *   await room.restart();
   *   // If the bot replied, the change must have been saved.
   *   const [count] = await phone.say("!count");
   *   assertEquals([answers.length, count], [0, steps === 0 ? "0" : "1"], room.transcript);
   * }
   * ```
   */
  crashAfter(steps: number): void {
    this.#process.life.endAfter(steps);
  }

  /**
   * Starts the bot again after `crash` or `stop`, with the same storage; resolves when it is connected.
   * @throws {Error} The bot is running.
   */
  async restart(): Promise<void> {
    if (!this.#process.ended) throw new Error("The bot is running. Call stop() or crash() first.");
    this.#process = this.#start();
    await this.settled();
  }

  /**
   * Stops the bot; resolves when it has stopped. That takes no time unless handlers are running, which
   * have up to `drainTimeout` to finish: in that case call `advance` before you await this.
   */
  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /**
   * Cuts the bot's connection, so it misses all messages. Its attempts to reconnect fail until
   * `reconnect` is called. A restarted bot is connected.
   */
  async disconnect(account?: string): Promise<void> {
    this.#memberOf(account).connection.disconnect();
    await this.settled();
  }

  /**
   * Restores the network, and advances the clock until the bot has reconnected.
   * @throws {Error} The bot has given up reconnecting.
   */
  async reconnect(account?: string): Promise<void> {
    const { client, connection } = this.#memberOf(account);
    connection.restore();
    let timerFired = true;
    while (timerFired && !client.connected && client.connectionState !== "disconnected") {
      timerFired = await this.#shared.clock.advanceToNextTimer();
    }
    if (client.connected) return await this.settled();
    throw new Error(`The bot has given up reconnecting. What happened:\n${this.transcript}`);
  }

  /**
   * Loses the acknowledgement of the bot's next message. The message is delivered, but the bot's send
   * fails after `ackTimeout`. Until then the bot cannot tell which messages are its own.
   */
  loseAcknowledgement(account?: string): void {
    this.#memberOf(account).connection.loseAcknowledgement();
  }

  /** Holds back all messages to the bot until `release`. */
  hold(account?: string): void {
    this.#memberOf(account).connection.hold();
  }

  /**
   * Delivers the messages since `hold`, in the order that `reorder` returns. Resolves to what the bot
   * said in reply.
   *
   * @example Two messages that arrive in reverse order
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { defineBot } from "@roomz/roomz/bot";
   * import { testBot } from "@roomz/roomz/testing";
   *
   * const bot = defineBot({ name: "echo", commands: { "say <text...>": ({ args }) => args.text } });
   * await using room = await testBot(bot);
   * room.hold();
   * await room.device("phone").say("!say one");
   * await room.device("laptop").say("!say two");
   * assertEquals(await room.release((held) => held.toReversed()), ["two", "one"]);
   * ```
   */
  async release(
    reorder: Reorder = (held) => held,
    account?: string,
  ): Promise<readonly string[]> {
    this.#memberOf(account).connection.release(reorder);
    return await this.advance(0);
  }

  /** Stops the bot, and interrupts running handlers. */
  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.stop();
    await this.settled();
    if (!this.#process.ended) {
      await this.#shared.clock.advance(this.#options.drainTimeout ?? 10_000);
    }
    await stopped;
  }

  #start(): BotProcess {
    const { channels, clock, transcript } = this.#shared;
    return new BotProcess(this.#bot, {
      ...{ channels, clock, transcript, bots: this.#shared.bots },
      storage: this.#storage,
      log: this.#log,
      answers: this.#answers,
    }, this.#options);
  }

  #channelOf(account: string | undefined): Channel {
    const channel = account === undefined
      ? this.#shared.channels[0]
      : this.#shared.channels.find(({ email }) => email === account);
    if (channel !== undefined) return channel;
    const known = this.#shared.channels.map(({ email }) => email).join(", ");
    throw new ConfigurationError(
      `Unknown account ${account}; the room has ${known}. Add it to testBot's option "accounts".`,
    );
  }

  #memberOf(account: string | undefined): BotMember {
    const member = this.#process.memberOf(this.#channelOf(account));
    if (member === undefined || this.#process.ended) {
      throw new Error("The bot is not running. Call restart() first.");
    }
    return member;
  }
}

/**
 * The room in which a bot is tested.
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
 * A bot that runs, and the channels of the accounts that it runs for. `testBot` makes one; at the end
 * of its `await using` block the bot is stopped, and what it still does is cut short.
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
   * Starts the bot, in the room of another one if there is one. `testBot` and `addBot` wait besides
   * until it is connected.
   */
  constructor(bot: Bot, options: TestOptions, neighbour?: TestRoom) {
    this.#bot = bot;
    this.#options = options;
    this.#shared = neighbour === undefined ? newSharedRoom(options) : neighbour.#shared;
    this.#storage = options.storage ?? this.#shared.storage;
    this.#process = this.#start();
  }

  /** The time that the bot lives by. It stands still but for `advance`, `advanceTo`, `reconnect`. */
  get clock(): Clock {
    return this.#shared.clock;
  }

  /** Where the bot keeps its sessions and flows. */
  get storage(): BotStorage {
    return this.#storage;
  }

  /** What the bot has said in all channels, in order. */
  get answers(): readonly string[] {
    return [...this.#answers];
  }

  /** What the bot has logged, in order: what handlers have thrown is the `cause` of errors. */
  get log(): readonly LogEntry[] {
    return [...this.#log];
  }

  /** Whether the bot runs: false once it is stopped or killed, or has given up its connection. */
  get running(): boolean {
    return this.#process.running;
  }

  /**
   * In how many milliseconds each timer of the bot and its handlers runs, soonest first: none is left
   * when nothing is under way. Those of its connection are not among them.
   *
   * @example An alarm that is taken back leaves nothing behind
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
   * What was said, answered and done so far, with the time in seconds, for people to read: the message
   * of an assertion.
   *
   * @example An assertion that tells the whole story when it fails
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
   * The device with this display name, which comes into the room when it is not there; null is a
   * device without a name. `account` is one of the option `accounts`; default: the first.
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
   * Lets another bot into the room, or another process of the same one: they hear each other, and
   * have the accounts, the time, the devices and, unless told otherwise, the storage in common.
   * Resolves, when it is connected, to the room as it is for that bot: `answers`, `log` and the faults
   * are its own. Devices hear both.
   *
   * Two bots that answer each other's answers do so for ever: see the option `loopGuard`.
   *
   * @throws {ConfigurationError} `bot` is none, or an option is not valid.
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

  /** Resolves when the bot has done all that it can do without time going by. */
  async settled(): Promise<void> {
    await this.#shared.clock.settled();
  }

  /**
   * Lets so many milliseconds go by: every timer of the bot runs at its moment. Resolves to what the
   * bot said meanwhile, in all channels.
   *
   * @example A reminder
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
   *       return "I shall tell you.";
   *     },
   *   },
   * });
   * await using room = await testBot(bot);
   * assertEquals(await room.device("phone").say("!tea 4m"), ["I shall tell you."]);
   * assertEquals(await room.advance(239_999), []);
   * assertEquals(await room.advance(1), ["Tea!"]);
   * ```
   */
  async advance(milliseconds: number): Promise<readonly string[]> {
    if (!(milliseconds >= 0 && milliseconds < Infinity)) {
      throw new ConfigurationError(`Time goes by forwards, in milliseconds, not ${milliseconds}.`);
    }
    const before = this.#answers.length;
    await this.#shared.clock.advance(milliseconds);
    return this.#answers.slice(before);
  }

  /** As `advance`, up to a date. */
  async advanceTo(date: string | Date): Promise<readonly string[]> {
    return await this.advance(readDate(date) - this.#shared.clock.now());
  }

  /**
   * Kills the bot, as by `kill -9`: it finishes nothing, and only its storage is left. JavaScript
   * cannot end a handler that runs: nothing that it does from now on has an effect, but on what your
   * own code shares with it.
   */
  crash(): void {
    this.#process.life.end();
  }

  /**
   * Kills the bot between two steps: so many more times it may say something, or write or delete in
   * its storage; in place of the next time it is killed. `Infinity` takes that back.
   *
   * @example A bot that is killed at every step in turn
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
   *   // Whoever was told of it finds it saved.
   *   const [count] = await phone.say("!count");
   *   assertEquals([answers.length, count], [0, steps === 0 ? "0" : "1"], room.transcript);
   * }
   * ```
   */
  crashAfter(steps: number): void {
    this.#process.life.endAfter(steps);
  }

  /**
   * Starts the bot again, with the storage that it had, after `crash` or `stop`; resolves when it is
   * connected.
   * @throws {Error} It runs.
   */
  async restart(): Promise<void> {
    if (!this.#process.over) throw new Error("The bot runs: stop() or crash() it first.");
    this.#process = this.#start();
    await this.settled();
  }

  /**
   * Asks the bot to stop; resolves when it has stopped, which takes no time if nothing is under way.
   * Otherwise it takes up to `drainTimeout`: `advance` before you wait for this.
   */
  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /**
   * Cuts the bot's connection: what is said meanwhile it never hears. It tries to come back, in vain
   * until `reconnect`. A bot that is started again has a connection.
   */
  async disconnect(account?: string): Promise<void> {
    this.#memberOf(account).connection.cut();
    await this.settled();
  }

  /**
   * Lets the bot connect again, and time go by until it has done so.
   * @throws {Error} It has given up.
   */
  async reconnect(account?: string): Promise<void> {
    const { client, connection } = this.#memberOf(account);
    connection.mend();
    let mayConnect = true;
    while (mayConnect && !client.connected && client.connectionState !== "disconnected") {
      mayConnect = await this.#shared.clock.advanceToNextTimer();
    }
    if (client.connected) return await this.settled();
    throw new Error(`The bot does not connect any more. What happened:\n${this.transcript}`);
  }

  /**
   * The server takes the next message of the bot, and its acknowledgement is lost: the bot is told
   * after `ackTimeout`, and cannot know meanwhile which messages are its own.
   */
  loseAcknowledgement(account?: string): void {
    this.#memberOf(account).connection.loseAcknowledgement();
  }

  /** From now on the bot hears no messages, until `release`. */
  hold(account?: string): void {
    this.#memberOf(account).connection.hold();
  }

  /**
   * The messages since `hold` reach the bot, in the order that `reorder` makes of theirs. Resolves to
   * what the bot said about them.
   *
   * @example Two messages that overtake each other
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

  /** Stops the bot, and cuts short what it still does. */
  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.stop();
    await this.settled();
    if (!this.#process.over) await this.#shared.clock.advance(this.#options.drainTimeout ?? 10_000);
    await stopped;
  }

  #start(): BotProcess {
    const { channels, clock, transcript } = this.#shared;
    return new BotProcess(this.#bot, {
      ...{ channels, clock, transcript },
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
      `There is no account ${account} here, only ${known}. Name it in testBot's option "accounts".`,
    );
  }

  #memberOf(account: string | undefined): BotMember {
    const member = this.#process.memberOf(this.#channelOf(account));
    if (member === undefined || this.#process.over) {
      throw new Error("The bot does not run: restart() it first.");
    }
    return member;
  }
}

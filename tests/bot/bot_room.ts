/**
 * A running bot in a room in memory, and what it says there.
 * @module
 */
import { type Bot, type BotLogger, runBot, type RunSettings } from "@roomz/roomz/bot";
import { BotRun } from "../../bot/bot_run.ts";
import type { Host } from "../../bot/host.ts";
import { completeSettings } from "../../bot/run_options.ts";
import { FakeClient, FakeRoom, type MessageTraits } from "./fake_room.ts";

/** A log that is kept. */
export class KeptLog implements BotLogger {
  readonly lines: string[] = [];
  readonly errors: unknown[] = [];
  readonly #waiting: (() => void)[] = [];

  debug(message: string): void {
    this.#write(`debug ${message}`);
  }

  info(message: string): void {
    this.#write(`info ${message}`);
  }

  warn(message: string): void {
    this.#write(`warn ${message}`);
  }

  error(message: string, cause?: unknown): void {
    this.errors.push(cause);
    this.#write(`error ${message}`);
  }

  /** Resolves when a line ends with `text`. */
  async wrote(text: string): Promise<void> {
    while (!this.lines.some((line) => line.endsWith(text))) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #write(line: string): void {
    this.lines.push(line);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** A bot that runs, and the room it is in. */
export class BotRoom implements AsyncDisposable {
  readonly room = new FakeRoom();
  readonly client = new FakeClient(this.room);
  readonly log = new KeptLog();
  /** What the bot has said, in order. */
  readonly replies: string[] = [];
  /** Ends as `runBot` does. */
  readonly running: Promise<void>;
  readonly #stop = new AbortController();
  readonly #devices = new Map<string | null, FakeClient>();
  readonly #waiting: (() => void)[] = [];

  private constructor(bot: Bot, given: RunSettings, host: Host | undefined) {
    const { client, log: logger } = this;
    const settings = { logger, loopGuard: false, signal: this.#stop.signal, ...given } as const;
    this.running = host === undefined
      ? runBot(bot, { client, ...settings })
      : new BotRun(bot, client, completeSettings(settings), host).run();
    this.room.join("witness").on("message", ({ user, content }) => {
      if (user.display_name !== bot.name) return;
      this.replies.push(content);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** A room with the bot connected in it, on this machine or another. */
  static async with(bot: Bot, settings: RunSettings = {}, host?: Host): Promise<BotRoom> {
    const room = new BotRoom(bot, settings, host);
    await Promise.race([room.log.wrote(": ready"), room.running]);
    return room;
  }

  /** Says something from a device. */
  say(content: string, device: string | null = "laptop", traits?: MessageTraits): void {
    this.device(device).say(content, traits);
  }

  /** The client of a device. */
  device(name: string | null): FakeClient {
    let client = this.#devices.get(name);
    if (client === undefined) {
      client = this.room.join(name);
      this.#devices.set(name, client);
    }
    return client;
  }

  /** What the bot has said, once there is that much of it. */
  async said(count: number): Promise<readonly string[]> {
    while (this.replies.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.replies;
  }

  /** Asks the bot to stop. */
  stop(): void {
    this.#stop.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.running;
  }
}

/** What the bot answers to each line, said one after the other by one device. */
export async function converse(bot: Bot, ...lines: string[]): Promise<readonly string[]> {
  await using room = await BotRoom.with(bot);
  for (const [index, line] of lines.entries()) {
    room.say(line);
    await room.said(index + 1);
  }
  return room.replies;
}

/**
 * A device of the user in a room where a bot is tested.
 * @module
 */
import { parseMessage } from "../client/protocol/payloads.ts";
import type { Channel, ChannelEvent, Member } from "./channel.ts";
import type { Transcript } from "./transcript.ts";
import type { VirtualClock } from "./virtual_clock.ts";

/** What may be told of a message. */
export interface SayOptions {
  /** How often it reaches the bot: 0 is one that is lost, 2 one that comes twice. Default: 1. */
  readonly copies?: number;
}

/** Where a device is. */
interface DeviceRoom {
  readonly channel: Channel;
  readonly clock: VirtualClock;
  readonly transcript: Transcript;
  /** Milliseconds of the real time. */
  readonly patience: number;
}

// A test may put other timers in the place of the real ones, for the bot.
const { setTimeout, clearTimeout } = globalThis;

/** A phone, a laptop, a script: one more connection of the bot's owner. Made by `room.device`. */
export class TestDevice {
  readonly #member: DeviceMember;
  readonly #room: DeviceRoom;
  #left = false;

  /** Comes into the channel. */
  constructor(name: string | null, room: DeviceRoom) {
    const { channel } = room;
    this.#room = room;
    this.#member = new DeviceMember();
    channel.join(this.#member);
    if (name !== null) channel.rename(this.#member, name);
  }

  /** The display name; null for a device without one. */
  get name(): string | null {
    return this.#member.displayName;
  }

  /** Whether it has left the room. */
  get gone(): boolean {
    return this.#left;
  }

  /** What the bot has said in the channel since the device came, in order; of several bots, all. */
  get heard(): readonly string[] {
    return [...this.#member.heard];
  }

  /**
   * Says something, as long as you like: the server cuts it as it does for everyone. Resolves when
   * the bot has done about it all that it can do without time going by, to what it said meanwhile:
   * its answers, to this or to anything else. A handler that waits for something real, such as a file,
   * is not waited for: see {@linkcode TestDevice.hears}.
   *
   * @example What a bot answers
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { defineBot } from "@roomz/roomz/bot";
   * import { testBot } from "@roomz/roomz/testing";
   *
   * const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
   * await using room = await testBot(bot);
   * assertEquals(await room.device("phone").say("!ping"), ["pong"]);
   * ```
   */
  async say(text: string, { copies = 1 }: SayOptions = {}): Promise<readonly string[]> {
    const { channel, clock } = this.#room;
    const { heard } = this.#member;
    const before = heard.length;
    if (this.#left) throw new Error(`The device ${JSON.stringify(this.name)} has left the room.`);
    channel.say(this.#member, text, copies);
    await clock.settled();
    return heard.slice(before);
  }

  /**
   * Resolves to all that was heard, once there is so much of it: for handlers that wait for something
   * real. It waits as long as the room's `patience`.
   * @throws {Error} The bot has not said so much in that time; the message tells the whole story.
   *
   * @example A handler that reads a file
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { defineBot } from "@roomz/roomz/bot";
   * import { testBot } from "@roomz/roomz/testing";
   *
   * const bot = defineBot({
   *   name: "helper",
   *   commands: { "size": async () => `${(await Deno.stat(".")).isDirectory}` },
   * });
   * await using room = await testBot(bot);
   * const phone = room.device("phone");
   * await phone.say("!size");
   * assertEquals(await phone.hears(1), ["true"]);
   * ```
   */
  async hears(count: number): Promise<readonly string[]> {
    const { patience, transcript } = this.#room;
    const { heard } = this.#member;
    if (heard.length >= count) return [...heard];
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const name = this.name ?? "A device";
      late.reject(
        new Error(
          `${name} heard ${heard.length} of ${count} messages of the bot within ${patience} ms. What ` +
            `happened:\n${transcript}`,
        ),
      );
    }, patience);
    try {
      while (heard.length < count) await Promise.race([this.#member.next(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
    return [...heard];
  }

  /** Chooses another display name, or none; resolves when the bot has reacted. */
  async rename(name: string | null): Promise<void> {
    this.#room.channel.rename(this.#member, name);
    await this.#room.clock.settled();
  }

  /** Leaves the room; resolves when the bot has reacted. */
  async leave(): Promise<void> {
    this.#left = true;
    this.#room.channel.leave(this.#member);
    await this.#room.clock.settled();
  }
}

/** What the channel knows of a device. */
class DeviceMember implements Member {
  readonly isBot = false;
  displayName: string | null = null;
  readonly heard: string[] = [];
  #heardMore = Promise.withResolvers<void>();

  /** Resolves when one more is heard. */
  next(): Promise<void> {
    return this.#heardMore.promise;
  }

  receive({ payload, from }: ChannelEvent): void {
    const message = from.isBot ? parseMessage(payload) : undefined;
    if (message === undefined) return;
    this.heard.push(message.content);
    this.#heardMore.resolve();
    this.#heardMore = Promise.withResolvers();
  }
}

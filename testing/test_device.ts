/**
 * A virtual device that talks to a bot under test.
 * @module
 */
import { parseMessage } from "../client/protocol/payloads.ts";
import type { Channel, ChannelEvent, Member } from "./channel.ts";
import type { Transcript } from "./transcript.ts";
import type { VirtualClock } from "./virtual_clock.ts";

/** The options of {@linkcode TestDevice.say}. */
export interface SayOptions {
  /** How many times the message reaches the bot: 0 loses it, 2 duplicates it. Default: 1. */
  readonly copies?: number;
}

/** What a device uses of its room. */
interface DeviceRoom {
  readonly channel: Channel;
  readonly clock: VirtualClock;
  readonly transcript: Transcript;
  /** How long `hears` waits, milliseconds of real time. */
  readonly patience: number;
}

// The real timers, even if a test replaces the global ones.
const { setTimeout, clearTimeout } = globalThis;

/** A phone, a laptop, a script: a connection of the bot's owner. `room.device` makes it. */
export class TestDevice {
  readonly #member: DeviceMember;
  readonly #room: DeviceRoom;
  #left = false;

  /** Joins the channel. */
  constructor(name: string | null, room: DeviceRoom) {
    const { channel } = room;
    this.#room = room;
    this.#member = new DeviceMember();
    channel.join(this.#member);
    if (name !== null) channel.rename(this.#member, name);
  }

  /** The display name; null if it has none. */
  get name(): string | null {
    return this.#member.displayName;
  }

  /** Whether the device has left the room. */
  get gone(): boolean {
    return this.#left;
  }

  /** What the bots have said in the room since the device joined, in order. */
  get heard(): readonly string[] {
    return [...this.#member.heard];
  }

  /**
   * Sends a message; like the real server, the room cuts it off at 1,000 characters. Resolves when the
   * bot has done everything it can do without time passing, to what the bot has said in the meantime.
   * It does not wait for real I/O of a handler, such as reading a file: for that, use
   * {@linkcode TestDevice.hears}.
   *
   * @example Check a reply
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
   * Waits until the device has heard at least `count` messages, and returns them all. For handlers
   * with real I/O. It waits for up to the room's `patience`.
   * @throws {Error} The device did not hear that many messages in time; the message contains the
   * transcript.
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
    const timedOut = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const name = this.name ?? "A device";
      timedOut.reject(
        new Error(
          `${name} heard ${heard.length} of ${count} expected messages within ${patience} ms. What ` +
            `happened:\n${transcript}`,
        ),
      );
    }, patience);
    try {
      while (heard.length < count) await Promise.race([this.#member.next(), timedOut.promise]);
    } finally {
      clearTimeout(timer);
    }
    return [...heard];
  }

  /** Changes or clears the display name; resolves when the bot has reacted. */
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

/** A device as a member of its channel. */
class DeviceMember implements Member {
  readonly isBot = false;
  displayName: string | null = null;
  readonly heard: string[] = [];
  #heardMore = Promise.withResolvers<void>();

  /** Resolves when the next message is heard. */
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

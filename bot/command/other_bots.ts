/**
 * Detects other bots in the room. An unknown command may belong to another bot, so a bot that may not
 * be alone waits before it replies, and stays silent if anyone else speaks first. This way an unknown
 * command gets one reply, not one per bot.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { Clock } from "../context/clock.ts";
import { deviceKey, isSameDevice } from "../context/device_key.ts";

/**
 * How long to wait for others, milliseconds: the minimum, and the maximum random extra, which makes
 * one of several bots the first. A bot that has a suggestion goes before those that have none.
 */
const WAITS = { suggestion: [500, 250], none: [1_500, 500] } as const;

/** How many recent messages of others are remembered. */
const MAX_RECENT = 64;

/** What one run of a bot knows about others in the room. */
export class OtherBots {
  readonly #clock: Clock;
  /** The latest messages of others, in a ring buffer. */
  readonly #recent: Heard[] = [];
  /** Made for the first wait. */
  #waiting: Set<Wait> | undefined;
  #messageCount = 0;
  /** Who spoke last, since the last count of connections or change of a name. */
  #lastSpeaker: User | undefined;
  #isAlone = true;
  #stopped = false;

  /** `clock` ends the waits. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Whether the bot knows of only one other connection: the one that talks to it. The server does not
   * say who is there when a bot joins. The bot learns it when someone joins or leaves, or when it
   * sees messages from two devices.
   */
  get isAlone(): boolean {
    return this.#isAlone;
  }

  /** The number of connections in the room changed; `connections` includes the bot's own. */
  connectionsChanged(connections: number): void {
    this.#isAlone = connections <= 2;
    this.#lastSpeaker = undefined;
  }

  /** A device changed its name: without this, its next message would look like a second device's. */
  nameChanged(): void {
    this.#lastSpeaker = undefined;
  }

  /** Someone else sent a message. */
  sawMessage(message: Message): void {
    const { user } = message;
    if (this.#lastSpeaker !== undefined && !isSameDevice(this.#lastSpeaker, user)) {
      this.#isAlone = false;
    }
    this.#lastSpeaker = user;
    this.#recent[this.#messageCount++ % MAX_RECENT] = { id: message.id, device: deviceKey(user) };
    if (this.#waiting === undefined) return;
    for (const { sender, resolve } of this.#waiting) {
      if (!isSameDevice(user, sender)) resolve(false);
    }
  }

  /**
   * Waits for others to reply to a message. Resolves to true if nobody but its sender spoke. `reply`
   * says whether the bot has a suggestion to reply with, and so how long to wait.
   */
  async nobodyAnswered(message: Message, reply: keyof typeof WAITS): Promise<boolean> {
    if (this.#stopped || this.#isAnswered(message)) return false;
    const [minimum, jitter] = WAITS[reply];
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#clock.schedule(() => resolve(true), minimum + jitter * Math.random());
    const wait: Wait = { sender: message.user, resolve };
    const waiting = this.#waiting ??= new Set();
    waiting.add(wait);
    try {
      return await promise;
    } finally {
      cancel();
      waiting.delete(wait);
    }
  }

  /** The connection is lost, so the bot would miss replies of others: it stays silent. */
  connectionLost(): void {
    for (const { resolve } of this.#waiting ?? []) resolve(false);
  }

  /** Ends all waits, now and later. */
  stop(): void {
    this.#stopped = true;
    this.connectionLost();
  }

  /** Whether someone else spoke after a message; true if it is too old to know. */
  #isAnswered({ id, user }: Message): boolean {
    for (let back = 1; back <= this.#recent.length; back++) {
      const later = this.#recent[(this.#messageCount - back) % MAX_RECENT];
      if (later?.id === id) return false;
      if (later !== undefined && later.device !== deviceKey(user)) return true;
    }
    return true;
  }
}

/** What is kept of a message: the message itself, with its payload, would take ten times as much. */
interface Heard {
  readonly id: string;
  /** The key of the device that sent it. */
  readonly device: string;
}

/** A message that others may still reply to. */
interface Wait {
  /** Who sent it: further messages from this device are not replies. */
  readonly sender: User;
  /** Ends the wait, with true if nobody replied. */
  readonly resolve: (nobodyAnswered: boolean) => void;
}

/**
 * Who else is in the room, as far as a bot can know it. Where it may not be the only bot, it answers a
 * word that it does not know only when nobody else says anything to it: the word may be another bot's,
 * and one that is nobody's is answered once.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { Clock } from "../context/clock.ts";
import { isSameDevice } from "../context/device_key.ts";

/**
 * How long others have to answer first, milliseconds: at least, and by chance up to so much longer, so
 * that of several bots one is first. Who has an idea of what was meant comes before who has none.
 */
const WAITS = { hint: [500, 250], none: [1_500, 500] } as const;

/** So many messages back it is known who said something. */
const MOST_RECENT = 64;

/** The others in the room, for one run. */
export class OtherBots {
  readonly #clock: Clock;
  /** What others said of late; the oldest makes room for the newest. */
  readonly #recent: Message[] = [];
  readonly #waiting = new Set<Wait>();
  #heard = 0;
  /** Who spoke last since the others were counted, or one of them took another name. */
  #speaker: User | undefined;
  #alone = true;
  #stopped = false;

  /** `clock` ends the waits. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Whether nobody is known to be there but the bot and one who talks to it. A bot that comes is not
   * told who is there: it finds out when someone comes or goes, or when it hears two of them.
   */
  get isAlone(): boolean {
    return this.#alone;
  }

  /** So many connections are in the room now, the bot's among them. */
  connectionsChanged(connections: number): void {
    this.#alone = connections <= 2;
    this.#speaker = undefined;
  }

  /** Someone has another name now: who spoke last may speak again, and look like two. */
  nameChanged(): void {
    this.#speaker = undefined;
  }

  /** Someone else said something. */
  sawMessage(message: Message): void {
    const { user } = message;
    if (this.#speaker !== undefined && !isSameDevice(this.#speaker, user)) this.#alone = false;
    this.#speaker = user;
    this.#recent[this.#heard++ % MOST_RECENT] = message;
    for (const { sender, resolve } of this.#waiting) {
      if (!isSameDevice(user, sender)) resolve(false);
    }
  }

  /**
   * Resolves to whether the bot is to answer a message that may be another bot's: nobody but its sender
   * has said anything for a while. `has` is what the bot can say to it.
   */
  async nobodyAnswered(message: Message, has: keyof typeof WAITS): Promise<boolean> {
    if (this.#stopped || this.#isAnswered(message)) return false;
    const [least, more] = WAITS[has];
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancel = this.#clock.schedule(() => resolve(true), least + more * Math.random());
    const wait: Wait = { sender: message.user, resolve };
    this.#waiting.add(wait);
    try {
      return await promise;
    } finally {
      cancel();
      this.#waiting.delete(wait);
    }
  }

  /** The connection is gone: what others answer is not heard, and so nothing is left to the bot. */
  connectionLost(): void {
    for (const { resolve } of this.#waiting) resolve(false);
  }

  /** Waits for nobody any more. */
  stop(): void {
    this.#stopped = true;
    this.connectionLost();
  }

  /** Whether someone else has spoken since a message came; true where that is too long ago to tell. */
  #isAnswered({ id, user }: Message): boolean {
    for (let back = 1; back <= this.#recent.length; back++) {
      const later = this.#recent[(this.#heard - back) % MOST_RECENT];
      if (later?.id === id) return false;
      if (later !== undefined && !isSameDevice(later.user, user)) return true;
    }
    return true;
  }
}

/** An answer that waits whether someone else gives one. */
interface Wait {
  /** Whose message it would answer. */
  readonly sender: User;
  /** Ends the wait: whether the bot is to answer. */
  readonly resolve: (answers: boolean) => void;
}

/**
 * What connections were heard to do: who asks or replies to commands is a program, and what it says no
 * answer to a question for a person.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import { deviceKey, isSameDevice } from "../context/device_key.ts";
import { fold } from "../text/fold.ts";

/** What the sender of a message was heard to do. */
export interface Sender {
  /** It asked questions. */
  readonly isAsker: boolean;
  /** It replied to a command. */
  readonly isBot: boolean;
}

/** The connections that were heard, as far as they have names. */
export class Senders {
  /** By device key. */
  readonly #askers = new Set<string>();
  readonly #bots = new Set<string>();
  /** Who has called a bot, until another connection speaks. */
  #caller: User | undefined;

  /** What a connection was heard to do. */
  of(user: User): Sender {
    const key = deviceKey(user);
    return { isAsker: this.#askers.has(key), isBot: this.#bots.has(key) };
  }

  /** A connection asks. */
  asked(user: User): void {
    if (user.display_name !== null) this.#askers.add(deviceKey(user));
  }

  /** A connection said something else. The next other one that speaks after a call answers commands. */
  said({ content, user }: Message): void {
    const caller = this.#caller;
    if (isCall(content)) this.#caller = user;
    else if (caller !== undefined && !isSameDevice(caller, user)) {
      this.#caller = undefined;
      if (user.display_name !== null) this.#bots.add(deviceKey(user));
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#askers.clear();
    this.#bots.clear();
    this.#caller = undefined;
  }
}

/** Whether a message calls a bot by the default prefix, or addresses a connection by name. */
export function isCall(content: string): boolean {
  return /^[!@][\p{L}\p{N}]/u.test(fold(content.slice(0, 40)));
}

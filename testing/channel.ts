/**
 * The private channel of one account, as a Roomz server keeps it: who is in it, and what they are
 * told. Payloads are those of the wire, texts in them HTML-escaped.
 * @module
 */
import type { Clock } from "../bot/mod.ts";
import {
  MAX_CONTENT_LENGTH,
  stripAsServer,
  unescapeFromServer,
} from "../client/protocol/server_text.ts";
import type { Transcript } from "./transcript.ts";

/** What the members of a channel are told. */
export interface ChannelEvent {
  /** The event's name on the wire. */
  readonly name: "message" | "user_joined" | "user_left" | "display_name_changed";
  /** Its payload on the wire. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Whose doing it is. */
  readonly from: Member;
  /** How often a message reaches the bot: 0 is one that is lost. */
  readonly copies: number;
}

/** A connection in a channel. */
export interface Member {
  /** Whether a bot is behind it. */
  readonly isBot: boolean;
  /** The name that the connection chose. */
  displayName: string | null;
  /** Something happened in the channel. */
  receive(event: ChannelEvent): void;
}

/** What the server says of a message that it took. */
export interface Receipt {
  /** The message's id. */
  readonly id: string;
  /** When it was taken, ISO 8601. */
  readonly timestamp: string;
  /** What was kept of it, as plain text. */
  readonly content: string;
}

/** The channel of one account. */
export class Channel {
  /** The account's address. */
  readonly email: string;
  readonly #clock: Clock;
  readonly #transcript: Transcript;
  readonly #accountIsClear: boolean;
  readonly #members = new Set<Member>();
  #messages = 0;

  /** `accountIsClear`: there is no other account, so that the transcript need not tell whose it is. */
  constructor(email: string, clock: Clock, transcript: Transcript, accountIsClear: boolean) {
    this.email = email;
    this.#clock = clock;
    this.#transcript = transcript;
    this.#accountIsClear = accountIsClear;
  }

  /** The account and one of its connections, as on the wire. */
  userOf({ displayName }: Pick<Member, "displayName">): Record<string, unknown> {
    const display_name = displayName === null ? null : escapeHtml(displayName);
    return { id: `user:${this.email}`, email: this.email, display_name };
  }

  /** The time as the server writes it. */
  get timestamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  /** A connection comes, without a name at first. */
  join(member: Member): void {
    member.displayName = null;
    this.#members.add(member);
    this.#tell("user_joined", member, { total_connections: this.#members.size });
  }

  /** A connection goes; one that is not there does not. */
  leave(member: Member): void {
    if (!this.#members.delete(member)) return;
    this.#tell("user_left", member, { remaining_connections: this.#members.size });
  }

  /** A connection chooses a name, or with null none. */
  rename(member: Member, name: string | null): void {
    member.displayName = name;
    this.#tell("display_name_changed", member, {});
  }

  /** A connection says something: everyone hears it, itself as well. */
  say(from: Member, text: string, copies = 1): Receipt {
    const content = [...escapeHtml(stripAsServer(text))].slice(0, MAX_CONTENT_LENGTH).join("");
    const kept = unescapeFromServer(content);
    this.note(from, copies === 1 ? kept : `${kept} (arrives ${copies} times)`);
    const { timestamp } = this;
    const id = `m${++this.#messages}`;
    const payload = { id, user: this.userOf(from), content, timestamp };
    this.#emit({ name: "message", payload, from, copies });
    return { id, timestamp, content: kept };
  }

  /** Puts something in the transcript. */
  note({ displayName }: Pick<Member, "displayName">, what: string): void {
    const name = displayName ?? "(no name)";
    this.#transcript.add(this.#accountIsClear ? name : `${name} of ${this.email}`, what);
  }

  /** Tells the others something about a member. */
  #tell(name: ChannelEvent["name"], member: Member, more: Record<string, unknown>): void {
    const payload = { user: this.userOf(member), timestamp: this.timestamp, ...more };
    this.#emit({ name, payload, from: member, copies: 1 }, member);
  }

  #emit(event: ChannelEvent, except?: Member): void {
    for (const member of [...this.#members]) if (member !== except) member.receive(event);
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};

/** As Python's `html.escape`, which the server applies to contents and names. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

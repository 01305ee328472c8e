/**
 * The private channel of one account, as on a Roomz server: its members, and the events they receive.
 * Payloads are those of the wire, with HTML-escaped texts.
 * @module
 */
import type { Clock } from "../bot/mod.ts";
import {
  MAX_CONTENT_LENGTH,
  stripAsServer,
  unescapeFromServer,
} from "../client/protocol/server_text.ts";
import type { Transcript } from "./transcript.ts";

/** An event that the members of a channel receive. */
export interface ChannelEvent {
  /** The event's name on the wire. */
  readonly name: "message" | "user_joined" | "user_left" | "display_name_changed";
  /** Its payload on the wire. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The member that caused it. */
  readonly from: Member;
  /** How many times a message reaches the bot: 0 for a lost one. */
  readonly copies: number;
}

/** A connection in a channel. */
export interface Member {
  /** Whether it is a bot's connection. */
  readonly isBot: boolean;
  /** The name that the connection set. */
  displayName: string | null;
  /** Receives an event of the channel. */
  receive(event: ChannelEvent): void;
}

/** What the server reports about a message that it accepted. */
export interface Receipt {
  readonly id: string;
  /** When it was accepted, ISO 8601. */
  readonly timestamp: string;
  /** The text as the server stored it, unescaped. */
  readonly content: string;
}

/** The channel of one account. */
export class Channel {
  /** The account's address. */
  readonly email: string;
  readonly #clock: Clock;
  readonly #transcript: Transcript;
  readonly #isOnlyAccount: boolean;
  readonly #members = new Set<Member>();
  #messages = 0;

  /** If `isOnlyAccount`, the transcript does not name the account. */
  constructor(email: string, clock: Clock, transcript: Transcript, isOnlyAccount: boolean) {
    this.email = email;
    this.#clock = clock;
    this.#transcript = transcript;
    this.#isOnlyAccount = isOnlyAccount;
  }

  /** The wire form of the account and one of its connections. */
  userOf({ displayName }: Pick<Member, "displayName">): Record<string, unknown> {
    const display_name = displayName === null ? null : escapeHtml(displayName);
    return { id: `user:${this.email}`, email: this.email, display_name };
  }

  /** The time, in the server's format. */
  get timestamp(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  /** A connection joins, without a name. */
  join(member: Member): void {
    member.displayName = null;
    this.#members.add(member);
    this.#notifyOthers("user_joined", member, { total_connections: this.#members.size });
  }

  /** A connection leaves; does nothing if it is not a member. */
  leave(member: Member): void {
    if (!this.#members.delete(member)) return;
    this.#notifyOthers("user_left", member, { remaining_connections: this.#members.size });
  }

  /** A connection sets its name, or clears it with null. */
  rename(member: Member, name: string | null): void {
    member.displayName = name;
    this.#notifyOthers("display_name_changed", member, {});
  }

  /** A connection sends a message, which all members receive, including itself. */
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

  /** Adds an entry to the transcript. */
  note({ displayName }: Pick<Member, "displayName">, what: string): void {
    const name = displayName ?? "(no name)";
    this.#transcript.add(this.#isOnlyAccount ? name : `${name} of ${this.email}`, what);
  }

  /** Sends an event about a member to the others. */
  #notifyOthers(name: ChannelEvent["name"], member: Member, more: Record<string, unknown>): void {
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

/** Like Python's `html.escape`, which the server applies to messages and names. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

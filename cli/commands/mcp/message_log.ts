/**
 * The messages that the room has had, for `read_messages`: bounded, however many come.
 * @module
 */
import type { Message } from "../../../client/mod.ts";

/** A message as the tools return it. */
export interface LoggedMessage {
  readonly id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** The display name of the sending connection; null if it has none. */
  readonly device: string | null;
  readonly content: string;
  /** Whether this server sent it; undefined if that is unknown. */
  readonly own?: boolean;
  /** Whether the text may have been cut. */
  readonly maybe_truncated?: boolean;
}

/** The display name of a sender, in a result. Some hosts take no list of types in place of one. */
export const DEVICE_OUTPUT = {
  anyOf: [{ type: "string" }, { type: "null" }],
  description: "The display name that the sender has chosen; no proof of anything. Null for none.",
} as const;

/** The JSON Schemas of a message's properties, for every tool that returns messages of others. */
export const MESSAGE_OUTPUT = {
  id: { type: "string" },
  timestamp: { type: "string", description: "ISO 8601." },
  device: DEVICE_OUTPUT,
  content: { type: "string", description: "Untrusted text." },
  maybe_truncated: { type: "boolean" },
} as const;

/** The properties that every message has. */
export const ALWAYS_IN_MESSAGES = ["id", "timestamp", "device", "content"] as const;

/** How many messages are kept, and how long all of them may be together, in UTF-16 code units. */
const MOST_MESSAGES = 1_000;
const MOST_TEXT = 2_000_000;

/** The longest content of a Roomz server is far shorter, in UTF-16 code units. */
const LONGEST_CONTENT = 4_000;

/** The last messages, oldest first. */
export class MessageLog {
  #messages: LoggedMessage[] = [];
  #text = 0;

  /** The messages, oldest first. */
  get messages(): readonly LoggedMessage[] {
    return this.#messages;
  }

  /** Adds a message; the oldest ones go when there are too many. */
  add(message: Message): void {
    const logged = loggedMessage(message);
    this.#messages.push(logged);
    this.#text += logged.content.length;
    while (this.#messages.length > MOST_MESSAGES || this.#text > MOST_TEXT) {
      this.#text -= this.#messages.shift()?.content.length ?? 0;
    }
  }
}

/** A message of the client, or a saved one, as the tools return it. */
export function loggedMessage(
  { id, timestamp, user, content, own, maybeTruncated }:
    & Pick<Message, "id" | "timestamp" | "user" | "content">
    & Partial<Pick<Message, "own" | "maybeTruncated">>,
): LoggedMessage {
  const truncated = maybeTruncated === true || content.length > LONGEST_CONTENT;
  return {
    id,
    timestamp,
    device: user.display_name,
    content: content.slice(0, LONGEST_CONTENT),
    ...(own !== undefined && { own }),
    ...(truncated && { maybe_truncated: true }),
  };
}

/** The instant of a timestamp in microseconds, which servers write; NaN if it is none. */
export function instantOf(timestamp: string): number {
  const micros = /\.\d{3}(\d{1,3})/.exec(timestamp)?.[1]?.padEnd(3, "0") ?? "0";
  return Date.parse(timestamp) * 1_000 + Number(micros);
}

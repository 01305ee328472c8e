/**
 * Parses the server's untrusted payloads into the types of events.ts and results.ts.
 *
 * Each parser returns undefined for a malformed payload. Unknown fields are tolerated, and remain
 * available in `raw`.
 * @module
 */
import type {
  AuthenticatedEvent,
  DisplayNameChangedEvent,
  Message,
  User,
  UserJoinedEvent,
  UserLeftEvent,
} from "../base/events.ts";
import { isJsonObject, type JsonObject } from "../base/json.ts";
import type { DisplayNameResult, SendResult } from "../base/results.ts";
import { mayBeCut, unescapeFromServer } from "./server_text.ts";

/** Parses the payload of `authenticated`. */
export function parseAuthenticated(raw: unknown): AuthenticatedEvent | undefined {
  if (!isJsonObject(raw)) return undefined;
  const { channel, server_time } = raw;
  const user = parseUser(raw.user);
  if (user === undefined || typeof channel !== "string" || typeof server_time !== "string") {
    return undefined;
  }
  return { user, channel, server_time, raw };
}

/** A message whose `own` is still to be set. */
export type IncomingMessage = Omit<Message, "own"> & { own: boolean | undefined };

/** Parses the payload of `message`. */
export function parseMessage(raw: unknown): IncomingMessage | undefined {
  if (!isJsonObject(raw)) return undefined;
  const { id, content, timestamp } = raw;
  const user = parseUser(raw.user);
  if (
    user === undefined || typeof id !== "string" || typeof content !== "string" ||
    typeof timestamp !== "string"
  ) return undefined;
  return {
    id,
    user,
    content: unescapeFromServer(content),
    timestamp,
    own: undefined,
    maybeTruncated: mayBeCut(content),
    raw,
  };
}

/** Parses the payload of `user_joined`. */
export function parseUserJoined(raw: unknown): UserJoinedEvent | undefined {
  const event = parsePresence(raw);
  const total_connections = event?.raw.total_connections;
  return event && isNumber(total_connections) ? { ...event, total_connections } : undefined;
}

/** Parses the payload of `user_left`. */
export function parseUserLeft(raw: unknown): UserLeftEvent | undefined {
  const event = parsePresence(raw);
  const remaining_connections = event?.raw.remaining_connections;
  return event && isNumber(remaining_connections) ? { ...event, remaining_connections } : undefined;
}

/**
 * Parses the payload of `display_name_changed`. The real server puts the name into the user, the API
 * reference next to the user: the result has it in both places.
 */
export function parseDisplayNameChanged(raw: unknown): DisplayNameChangedEvent | undefined {
  if (!isJsonObject(raw) || !isJsonObject(raw.user)) return undefined;
  const { connection_id, display_name = raw.user.display_name } = raw;
  const event = parsePresence({ ...raw, user: { ...raw.user, display_name } });
  return event && {
    ...event,
    display_name: event.user.display_name,
    ...(typeof connection_id === "string" ? { connection_id } : {}),
    raw,
  };
}

/** Parses the acknowledgement of a `message`. */
export function parseSendAck(args: readonly unknown[]): SendResult | undefined {
  const ack = args[0];
  if (!isJsonObject(ack)) return undefined;
  const { status, message_id, timestamp } = ack;
  if (status === "ok" && typeof message_id === "string" && typeof timestamp === "string") {
    return { status, message_id, timestamp };
  }
  const refusal = parseRefusal(ack);
  return refusal && { ...refusal, delivery: "rejected" };
}

/** The id in the acknowledgement of a `message` that was accepted; undefined in any other. */
export function acceptedMessageId(args: readonly unknown[]): string | undefined {
  const ack = args[0];
  if (!isJsonObject(ack) || ack.status !== "ok") return undefined;
  return typeof ack.message_id === "string" ? ack.message_id : undefined;
}

/** Parses the acknowledgement of a `set_display_name`. */
export function parseDisplayNameAck(args: readonly unknown[]): DisplayNameResult | undefined {
  const ack = args[0];
  if (!isJsonObject(ack)) return undefined;
  const { status, display_name } = ack;
  if (status === "ok" && (typeof display_name === "string" || display_name === null)) {
    return { status, display_name: parseName(display_name) };
  }
  return parseRefusal(ack);
}

/** Parses what all events about a member have in common. */
function parsePresence(
  raw: unknown,
): { user: User; timestamp: string; raw: JsonObject } | undefined {
  if (!isJsonObject(raw)) return undefined;
  const { timestamp } = raw;
  const user = parseUser(raw.user);
  return user && typeof timestamp === "string" ? { user, timestamp, raw } : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function parseRefusal(ack: JsonObject): { error: string; code: number } | undefined {
  const { error, code } = ack;
  return typeof error === "string" && typeof code === "number" ? { error, code } : undefined;
}

function parseUser(raw: unknown): User | undefined {
  if (!isJsonObject(raw)) return undefined;
  const { id, email, display_name = null } = raw;
  if (
    typeof id !== "string" || typeof email !== "string" ||
    (display_name !== null && typeof display_name !== "string")
  ) return undefined;
  return { id, email, display_name: parseName(display_name) };
}

function parseName(name: string | null): string | null {
  return name === null ? null : unescapeFromServer(name);
}

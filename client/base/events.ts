/**
 * The events of a client: the payload of each, as event handlers receive it.
 *
 * Field names are those on the wire. `content` and names are plain text: the server's HTML escapes
 * are undone once, and `raw` is the payload as received. Timestamps are ISO 8601 with an offset.
 * @module
 */
import type { ConnectionState } from "./connection_state.ts";

/** A member of the channel: the account, and the display name of one of its connections. */
export interface User {
  /** The account's id, `user:{email}`. */
  readonly id: string;
  /** The account's email address. */
  readonly email: string;
  /** The connection's display name, plain text; null if it has none. */
  readonly display_name: string | null;
}

/** The client is connected and the server accepted the session. */
export interface AuthenticatedEvent {
  /** The session's user. `display_name` is null: names are set after connecting. */
  readonly user: User;
  /** The name of the private channel, `user:{email}`. */
  readonly channel: string;
  /** The server's time, ISO 8601. */
  readonly server_time: string;
  /** The payload as received. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A chat message in the channel, from this connection or another. */
export interface Message {
  /** The server's id of the message. */
  readonly id: string;
  /** The sender; `display_name` is the sending connection's. */
  readonly user: User;
  /** The text, unescaped: `a<b` arrives as `a<b`. */
  readonly content: string;
  /** When the server received it, ISO 8601. */
  readonly timestamp: string;
  /**
   * True if this client sent it, false if another connection did, undefined if unknown, because the
   * acknowledgement that decides it did not arrive in time.
   */
  readonly own: boolean | undefined;
  /** True if the server may have cut the text: it keeps 1,000 escaped code points. */
  readonly maybeTruncated: boolean;
  /** The payload as received, `content` still HTML-escaped. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Another connection of the account joined the channel. */
export interface UserJoinedEvent {
  /** Who joined; `display_name` is always null here, because names are set after connecting. */
  readonly user: User;
  /** When it joined, ISO 8601. */
  readonly timestamp: string;
  /** How many connections the account has now. */
  readonly total_connections: number;
  /** The payload as received. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Another connection of the account left the channel. */
export interface UserLeftEvent {
  /** Who left; `display_name` is the name that the connection had. */
  readonly user: User;
  /** When it left, ISO 8601. */
  readonly timestamp: string;
  /** How many connections the account still has. */
  readonly remaining_connections: number;
  /** The payload as received. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Another connection set or cleared its display name. Not sent to that connection itself. */
export interface DisplayNameChangedEvent {
  /** The connection's user, with the new name. */
  readonly user: User;
  /** The new name, or null if cleared: the same as `user.display_name`. */
  readonly display_name: string | null;
  /** When it changed, ISO 8601. */
  readonly timestamp: string;
  /** The connection's id, if the server sends it. */
  readonly connection_id?: string;
  /** The payload as received. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The connection ended: it was lost, refused, or closed by `disconnect()`. */
export type DisconnectEvent = Readonly<Record<string, never>>;

/** The connection state changed, or a reconnection was scheduled. */
export interface ConnectionStateChangedEvent {
  /** The new state. */
  readonly state: ConnectionState;
  /** Why it changed; undefined if the caller asked for it or nothing went wrong. */
  readonly reason?: string;
  /** The number of the next reconnection attempt, from 1; only while reconnecting. */
  readonly attempt?: number;
  /** The milliseconds until that attempt; only while reconnecting. */
  readonly retryIn?: number;
}

/** A failure outside any call: a handler, the last reconnection, the session or its cache. */
export interface ErrorEvent {
  /** What happened. */
  readonly error: string;
  /**
   * 400 the display name was refused, 401 the session was refused, 500 a handler or the session
   * cache failed, 503 the client gave up reconnecting.
   */
  readonly code: number;
  /** The underlying error, if there is one. */
  readonly cause?: unknown;
}

/** The events of a client and their payloads. */
export interface EventMap {
  /** Connected, and the session was accepted; again after every reconnection. */
  authenticated: AuthenticatedEvent;
  /** A chat message. */
  message: Message;
  /** Another connection joined. */
  user_joined: UserJoinedEvent;
  /** Another connection left. */
  user_left: UserLeftEvent;
  /** Another connection changed its display name. */
  display_name_changed: DisplayNameChangedEvent;
  /** The connection ended. */
  disconnect: DisconnectEvent;
  /** The connection state changed, or a reconnection was scheduled. */
  connection_state_changed: ConnectionStateChangedEvent;
  /** Something failed outside any call. */
  error: ErrorEvent;
}

/** The name of an event. */
export type EventName = keyof EventMap;

/**
 * What `on` takes: a function, sync or async, called with the event's payload. Its return value is
 * ignored, except that a promise that rejects counts as a failed handler.
 */
export type EventHandler<K extends EventName = EventName> = (event: EventMap[K]) => unknown;

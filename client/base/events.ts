/**
 * What the server tells a client: the payload of each event, as handed to event handlers.
 *
 * Field names are those on the wire. `content` and names are plain text: the server's HTML escapes
 * are undone once, and `raw` keeps what really came. Timestamps are ISO 8601 with an offset.
 * @module
 */
import type { ConnectionState } from "./connection_state.ts";

/** A member of the channel: the account, and the display name of one of its connections. */
export interface User {
  /** The account's id, `user:{email}`. */
  readonly id: string;
  /** The account's email address. */
  readonly email: string;
  /** The name that one connection chose, plain text; null where it chose none. */
  readonly display_name: string | null;
}

/** The connection is up and the session was accepted. */
export interface AuthenticatedEvent {
  /** Whose session it is. `display_name` is null: names are set after connecting. */
  readonly user: User;
  /** The private channel's name, `user:{email}`. */
  readonly channel: string;
  /** The server's clock, ISO 8601. */
  readonly server_time: string;
  /** The payload as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A chat message in the channel, from this connection or another. */
export interface Message {
  /** The server's id of the message. */
  readonly id: string;
  /** Who sent it; `display_name` is the sending connection's. */
  readonly user: User;
  /** The text, plain: `a<b` arrives as `a<b`. */
  readonly content: string;
  /** When the server took it, ISO 8601. */
  readonly timestamp: string;
  /**
   * True when this client sent it, false when another connection did, undefined when that cannot
   * be known (the acknowledgement that would tell did not come in time).
   */
  readonly own: boolean | undefined;
  /** True when the server may have cut the text: it keeps 1,000 escaped code points. */
  readonly maybeTruncated: boolean;
  /** The payload as it came, `content` still HTML-escaped. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Another connection of the account came into the channel. */
export interface UserJoinedEvent {
  /** Who joined; `display_name` is always null here, for names are set after connecting. */
  readonly user: User;
  /** When, ISO 8601. */
  readonly timestamp: string;
  /** How many connections the account has now. */
  readonly total_connections: number;
  /** The payload as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A connection of the account left the channel. */
export interface UserLeftEvent {
  /** Who left, with the name that connection had. */
  readonly user: User;
  /** When, ISO 8601. */
  readonly timestamp: string;
  /** How many connections the account has still. */
  readonly remaining_connections: number;
  /** The payload as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Another connection chose or cleared its display name. Not sent to the one that did. */
export interface DisplayNameChangedEvent {
  /** Whose connection, with the new name. */
  readonly user: User;
  /** The new name, or null when cleared: the same as `user.display_name`. */
  readonly display_name: string | null;
  /** When, ISO 8601. */
  readonly timestamp: string;
  /** Which connection, where the server says it. */
  readonly connection_id?: string;
  /** The payload as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The connection is gone: lost, refused or closed by `disconnect()`. */
export type DisconnectEvent = Readonly<Record<string, never>>;

/** The connection state changed, or a reconnection was scheduled. */
export interface ConnectionStateChangedEvent {
  /** The state now. */
  readonly state: ConnectionState;
  /** Why, in words; undefined where the caller asked for it or all went well. */
  readonly reason?: string;
  /** Which reconnection comes next, from 1; only while reconnecting. */
  readonly attempt?: number;
  /** In how many milliseconds it is tried; only while reconnecting. */
  readonly retryIn?: number;
}

/** Something failed outside any call of the user: a handler, the last reconnection, a session. */
export interface ErrorEvent {
  /** What happened, in words. */
  readonly error: string;
  /**
   * 400 the display name was refused, 401 the session was refused, 500 a handler or the session
   * cache failed, 503 reconnection was given up.
   */
  readonly code: number;
  /** The error behind it, where there is one. */
  readonly cause?: unknown;
}

/** The events of a client and what their handlers receive. */
export interface EventMap {
  /** Connected and accepted; again after every reconnection. */
  authenticated: AuthenticatedEvent;
  /** A chat message. */
  message: Message;
  /** Another connection came. */
  user_joined: UserJoinedEvent;
  /** A connection left. */
  user_left: UserLeftEvent;
  /** Another connection changed its display name. */
  display_name_changed: DisplayNameChangedEvent;
  /** The connection is gone. */
  disconnect: DisconnectEvent;
  /** The connection state changed, or a reconnection was scheduled. */
  connection_state_changed: ConnectionStateChangedEvent;
  /** Something failed outside any call. */
  error: ErrorEvent;
}

/** The name of an event. */
export type EventName = keyof EventMap;

/**
 * What `on` takes: a function, sync or async, called with the event's payload. What it returns does
 * not matter, but for a promise that rejects.
 */
export type EventHandler<K extends EventName = EventName> = (event: EventMap[K]) => unknown;

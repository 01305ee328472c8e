/**
 * What a bot talks through.
 * @module
 */
import type {
  ConnectionState,
  DisplayNameResult,
  EventHandler,
  EventName,
  SendResult,
  User,
} from "../../client/mod.ts";

/**
 * The part of a client that a bot needs. An `AsyncClient` is one, and so is whatever takes its place
 * in a test.
 */
export interface BotClient {
  /** Whether messages can be sent now. */
  readonly connected: boolean;
  /** Where the connection stands. */
  readonly connectionState: ConnectionState;
  /** Whose session it is, or null. */
  readonly user: User | null;
  /** The display name that the client keeps set, or null. */
  readonly displayName: string | null;
  /** Connects; `token` is a magic-link token or a session JWT. */
  connect(token?: string, options?: { signal?: AbortSignal }): Promise<void>;
  /** Closes the connection, within a bound. */
  disconnect(): Promise<void>;
  /** Calls `handler` on every `event`. */
  on<K extends EventName>(event: K, handler: EventHandler<K>): void;
  /** Removes a handler. */
  off<K extends EventName>(event: K, handler?: EventHandler<K>): void;
  /** Sends one message, not longer than the server keeps. */
  send(content: string, options?: { signal?: AbortSignal; timeout?: number }): Promise<SendResult>;
  /** Sets the display name, and keeps it set. */
  setDisplayName(name: string | null): Promise<DisplayNameResult>;
}

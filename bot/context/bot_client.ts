/**
 * The client interface that a bot needs.
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
 * The part of a client that a bot uses. `AsyncClient` implements it, and tests can substitute their
 * own.
 */
export interface BotClient {
  /** Whether messages can be sent now. */
  readonly connected: boolean;
  /** The state of the connection. */
  readonly connectionState: ConnectionState;
  /** The user whose session it is, or null. */
  readonly user: User | null;
  /** The display name, or null; set again after every reconnect. */
  readonly displayName: string | null;
  /** Connects; `token` is a magic-link token or a session JWT. */
  connect(token?: string, options?: { signal?: AbortSignal }): Promise<void>;
  /** Closes the connection in bounded time. */
  disconnect(): Promise<void>;
  /** Calls `handler` on every `event`. */
  on<K extends EventName>(event: K, handler: EventHandler<K>): void;
  /** Removes a handler. */
  off<K extends EventName>(event: K, handler?: EventHandler<K>): void;
  /** Sends one message, within the server's length limit. */
  send(content: string, options?: { signal?: AbortSignal; timeout?: number }): Promise<SendResult>;
  /**
   * Sends a text of any length, in parts if need be, with no other message of the client between them.
   * Optional: without it, what is sent through `send` outside of replies can get between the parts of a
   * reply.
   */
  sendText?(
    text: string,
    options?: { signal?: AbortSignal; timeout?: number },
  ): Promise<SendResult>;
  /**
   * When the session expires that the next connection would use; null if that is unknown. Optional:
   * without it, the bot does not warn before its session ends.
   */
  sessionExpiry?(): Promise<Date | null>;
  /** Sets the display name, now and after every reconnect. */
  setDisplayName(name: string | null): Promise<DisplayNameResult>;
}

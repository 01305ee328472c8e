/**
 * The application on top of Socket.IO: connections, messages and display names.
 *
 * Each account has one private channel, which only its own connections join.
 * @module
 */
import { readSessionCookie } from "./auth/session_cookie.ts";
import type { Session, SessionTokens } from "./auth/session_tokens.ts";
import { type Clock, isoformat } from "./base/clock.ts";
import { isJsonObject } from "./base/json_value.ts";
import { escapeHtml, firstCodePoints, strip } from "./base/python_text.ts";
import { parseDisplayName } from "./display_name.ts";
import type { Socket, SocketEvents } from "./socket/socket_io.ts";
import type { Acknowledgement, ServerEvents, WireUser } from "./wire_events.ts";

interface Connection {
  /** The `connection_id` that others see. */
  readonly id: string;
  readonly socket: Socket;
  readonly session: Session;
  readonly channel: string;
  /** HTML-escaped. */
  displayName: string | null;
  /** Whether `user_joined` was sent to the others. */
  announced: boolean;
}

/** The longest content, in code points of escaped text. */
const MAX_CONTENT_LENGTH = 1000;

export interface ChatOptions {
  readonly sessions: SessionTokens;
  readonly maxConnections: number;
  readonly clock: Clock;
}

/** Handles the protocol's events. */
export class Chat implements SocketEvents {
  readonly #options: ChatOptions;
  readonly #connections = new Map<Socket, Connection>();

  constructor(options: ChatOptions) {
    this.#options = options;
  }

  /** The number of open connections that were accepted. */
  get size(): number {
    return this.#connections.size;
  }

  /** Forgets all connections, so that connections that end together are not announced to each other. */
  clear(): void {
    this.#connections.clear();
  }

  /** Accepts a connection unless its session is invalid or the server is full. */
  async connect(socket: Socket): Promise<boolean> {
    const token = readSessionCookie(socket.cookies);
    const session = token && await this.#options.sessions.verify(token);
    // A connection that has closed meanwhile must not be counted: nothing would remove it again.
    if (!session || !socket.open || this.size >= this.#options.maxConnections) return false;
    const connection: Connection = {
      id: crypto.randomUUID(),
      socket,
      session,
      channel: `user:${session.email}`,
      displayName: null,
      announced: false,
    };
    this.#connections.set(socket, connection);
    const user = wireUser(connection);
    const { channel } = connection;
    this.#emit(socket, "authenticated", { user, channel, server_time: this.#now() });
    // As on the real server, connections that join together are all in the channel before the first
    // is announced: each receives the events of the others, with the same count.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (!this.#connections.has(socket)) return false;
    connection.announced = true;
    this.#broadcast(channel, "user_joined", {
      user,
      timestamp: this.#now(),
      total_connections: this.#countIn(channel),
    }, connection);
    return true;
  }

  /**
   * Handles an event and returns its acknowledgement. The real server's handlers take exactly one
   * argument, so an event with any other number of payloads is ignored.
   */
  event(
    socket: Socket,
    name: unknown,
    payloads: readonly unknown[],
  ): Acknowledgement | undefined {
    const connection = this.#connections.get(socket);
    if (connection === undefined || payloads.length !== 1) return undefined;
    if (name === "message") return this.#receive(connection, payloads[0]);
    if (name === "set_display_name") return this.#rename(connection, payloads[0]);
    return undefined;
  }

  disconnect(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    const { channel } = connection;
    this.#connections.delete(socket);
    if (!connection.announced) return;
    const payload = {
      user: wireUser(connection),
      timestamp: this.#now(),
      remaining_connections: this.#countIn(channel),
    };
    // The connection that leaves receives the event too, if it still can.
    this.#emit(socket, "user_left", payload);
    this.#broadcast(channel, "user_left", payload);
  }

  #receive(connection: Connection, payload: unknown): Acknowledgement {
    if (!isJsonObject(payload)) return { error: "Invalid message format", code: 400 };
    const { content } = payload;
    if (typeof content !== "string" || content === "") {
      return { error: "Missing or invalid 'content' field", code: 400 };
    }
    const message = {
      id: crypto.randomUUID(),
      user: wireUser(connection),
      content: firstCodePoints(escapeHtml(strip(content)), MAX_CONTENT_LENGTH),
      timestamp: this.#now(),
    };
    this.#broadcast(connection.channel, "message", message);
    return { status: "ok", message_id: message.id, timestamp: message.timestamp };
  }

  /** Undefined if the real server's handler fails: it does not acknowledge the event then. */
  #rename(connection: Connection, payload: unknown): Acknowledgement | undefined {
    if (!isJsonObject(payload)) return undefined;
    const requested = parseDisplayName(payload.display_name);
    if (requested.kind === "unanswered") return undefined;
    if (requested.kind === "refused") {
      return { error: "Invalid display name: must be 1-50 characters, no newlines", code: 400 };
    }
    connection.displayName = requested.name;
    this.#broadcast(connection.channel, "display_name_changed", {
      user: wireUser(connection),
      timestamp: this.#now(),
      connection_id: connection.id,
    }, connection);
    return { status: "ok", display_name: requested.name };
  }

  /** Sends an event to every connection in a channel except `excluded`. */
  #broadcast<E extends keyof ServerEvents>(
    channel: string,
    event: E,
    payload: ServerEvents[E],
    excluded?: Connection,
  ): void {
    for (const connection of this.#connections.values()) {
      if (connection.channel !== channel || connection === excluded) continue;
      this.#emit(connection.socket, event, payload);
    }
  }

  #emit<E extends keyof ServerEvents>(socket: Socket, event: E, payload: ServerEvents[E]): void {
    socket.emit(event, payload);
  }

  #countIn(channel: string): number {
    let count = 0;
    for (const connection of this.#connections.values()) {
      if (connection.channel === channel) count++;
    }
    return count;
  }

  #now(): string {
    return isoformat(this.#options.clock());
  }
}

function wireUser({ session, displayName }: Connection): WireUser {
  return { id: session.userId, email: session.email, display_name: displayName };
}

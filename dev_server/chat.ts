/**
 * The chat itself: who is connected, what they say, and what they are called.
 *
 * Every account has one private channel, and only its own connections are in it.
 * @module
 */
import type { Server, Socket } from "socket.io";
import { type Clock, isoformat } from "./clock.ts";
import { parseDisplayName } from "./display_name.ts";
import { isJsonObject } from "./json_value.ts";
import { escapeHtml, firstCodePoints, strip } from "./python_text.ts";
import { readSessionCookie } from "./session_cookie.ts";
import type { Session, SessionTokens } from "./session_tokens.ts";
import type { Acknowledgement, ClientEvents, ServerEvents, WireUser } from "./wire_events.ts";

type NoEvents = Record<never, never>;

/** The Socket.IO server that the chat runs on. */
export type ChatServer = Server<ClientEvents, ServerEvents, NoEvents, unknown>;
type ChatSocket = Socket<ClientEvents, ServerEvents, NoEvents, unknown>;

interface Connection {
  /** What others know it by. */
  readonly id: string;
  readonly socket: ChatSocket;
  readonly session: Session;
  readonly channel: string;
  /** HTML-escaped. */
  displayName: string | null;
}

/** The longest content, in code points of escaped text. */
const MAX_CONTENT_LENGTH = 1000;

/** What the chat needs to know. */
export interface ChatOptions {
  readonly sessions: SessionTokens;
  readonly maxConnections: number;
  readonly clock: Clock;
}

/** Serves the events of the protocol on a Socket.IO server. */
export class Chat {
  readonly #io: ChatServer;
  readonly #options: ChatOptions;
  /** By Engine.IO connection, which can be in the chat only once. */
  readonly #connections = new Map<ChatSocket["conn"], Connection>();

  constructor(io: ChatServer, options: ChatOptions) {
    this.#io = io;
    this.#options = options;
    io.use((socket, next) => {
      this.#admit(socket).then(next, next);
    });
  }

  /** How many connections have been accepted and are still there. */
  get size(): number {
    return this.#connections.size;
  }

  /** Drops every connection, without a farewell. */
  disconnectAll(): void {
    const connections = [...this.#connections.values()];
    // Emptied first: nobody needs to hear about the others that go at the same time.
    this.#connections.clear();
    for (const { socket } of connections) socket.conn.close(true);
  }

  /** Lets a connection in, or returns the reason that its client is told. */
  async #admit(socket: ChatSocket): Promise<Error | undefined> {
    const token = readSessionCookie(socket.handshake.headers.cookie);
    const session = token && await this.#options.sessions.verify(token);
    if (this.#connections.has(socket.conn)) return new Error("Unable to connect");
    // A connection that closed meanwhile must not be counted: nothing would take it off again.
    const lost = socket.conn.readyState !== "open";
    if (!session || lost || this.size >= this.#options.maxConnections) {
      return new Error("Connection rejected by server");
    }
    this.#enter(socket, session);
  }

  /**
   * The real server emits `authenticated` while it handles the connect packet, so the client gets
   * it before the answer to that packet. Here this is done in the middleware: Socket.IO sends its
   * answer only after the middleware, and Socket.IO's own "connection" event would be too late.
   */
  #enter(socket: ChatSocket, session: Session): void {
    const connection: Connection = {
      id: crypto.randomUUID(),
      socket,
      session,
      channel: `user:${session.email}`,
      displayName: null,
    };
    this.#connections.set(socket.conn, connection);
    socket.join(connection.channel);
    this.#listen(connection);

    const user = wireUser(connection);
    socket.emit("authenticated", { user, channel: connection.channel, server_time: this.#now() });
    socket.to(connection.channel).emit("user_joined", {
      user,
      timestamp: this.#now(),
      total_connections: this.#countIn(connection.channel),
    });
  }

  #listen(connection: Connection): void {
    const { socket } = connection;
    socket.on("message", (...args) => {
      answer(args, (payload) => this.#receive(connection, payload));
    });
    socket.on("set_display_name", (...args) => {
      answer(args, (payload) => this.#rename(connection, payload));
    });
    // Not "disconnect": by then the socket has left the channel, and the real server tells one who
    // leaves the namespace as well.
    socket.on("disconnecting", () => this.#leave(connection));
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
    this.#io.to(connection.channel).emit("message", message);
    return { status: "ok", message_id: message.id, timestamp: message.timestamp };
  }

  /** Undefined where the real server's handler fails: it acknowledges nothing then. */
  #rename(connection: Connection, payload: unknown): Acknowledgement | undefined {
    if (!isJsonObject(payload)) return undefined;
    const requested = parseDisplayName(payload.display_name);
    if (requested.kind === "unanswered") return undefined;
    if (requested.kind === "refused") {
      return { error: "Invalid display name: must be 1-50 characters, no newlines", code: 400 };
    }
    connection.displayName = requested.name;
    connection.socket.to(connection.channel).emit("display_name_changed", {
      user: wireUser(connection),
      timestamp: this.#now(),
      connection_id: connection.id,
    });
    return { status: "ok", display_name: requested.name };
  }

  #leave(connection: Connection): void {
    // False when `disconnectAll` has emptied the list.
    if (!this.#connections.delete(connection.socket.conn)) return;
    this.#io.to(connection.channel).emit("user_left", {
      user: wireUser(connection),
      timestamp: this.#now(),
      remaining_connections: this.#countIn(connection.channel),
    });
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

/**
 * Calls a handler with an event's one payload and acknowledges with what it returns. The real
 * server's handlers take exactly one argument: with none or several nothing happens.
 */
function answer(
  args: readonly unknown[],
  handle: (payload: unknown) => Acknowledgement | undefined,
): void {
  const acknowledge = args.at(-1);
  const payloads = isAcknowledge(acknowledge) ? args.slice(0, -1) : args;
  if (payloads.length !== 1) return;
  const reply = handle(payloads[0]);
  if (reply !== undefined && isAcknowledge(acknowledge)) acknowledge(reply);
}

/** JSON holds no functions: one can only be what Socket.IO adds where the client wants an answer. */
function isAcknowledge(value: unknown): value is (reply: Acknowledgement) => void {
  return typeof value === "function";
}

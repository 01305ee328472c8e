/**
 * A channel in memory with clients in it, in the place of a server and `AsyncClient`s.
 * @module
 */
import type { BotClient } from "@roomz/roomz/bot";
import type {
  ConnectionState,
  DisplayNameResult,
  EventHandler,
  EventMap,
  EventName,
  Message,
  SendResult,
  User,
} from "@roomz/roomz/client";

/** What may be set of a message that a device sends. */
export type MessageTraits = Partial<Pick<Message, "own" | "maybeTruncated">>;

/** The channel of one account. */
export class FakeRoom {
  readonly clients: FakeClient[] = [];
  #messages = 0;

  /** A connected client with a display name. */
  join(displayName: string | null): FakeClient {
    const client = new FakeClient(this);
    client.displayName = displayName;
    client.enter();
    return client;
  }

  /** Hands a message to everyone, as the server does: before the sender has its ack. */
  broadcast(sender: FakeClient, content: string, traits: MessageTraits = {}): Message {
    const id = `m${++this.#messages}`;
    const timestamp = new Date(this.#messages).toISOString();
    const base = { id, user: sender.asUser(), content, timestamp, maybeTruncated: false, raw: {} };
    for (const client of this.clients) {
      client.emit("message", { ...base, own: client === sender, ...traits });
    }
    return { ...base, own: true };
  }
}

type Handlers = { [K in EventName]: EventHandler<K>[] };

/** A client in a {@linkcode FakeRoom}. */
export class FakeClient implements BotClient {
  readonly #room: FakeRoom;
  readonly #handlers: Handlers = {
    authenticated: [],
    message: [],
    user_joined: [],
    user_left: [],
    display_name_changed: [],
    disconnect: [],
    connection_state_changed: [],
    error: [],
  };
  displayName: string | null = null;
  connectionState: ConnectionState = "disconnected";
  /** What `connect` comes to before it is connected; may wait, or throw. */
  beforeConnected: (signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();
  /** What `send` comes to in place of sending; may wait. */
  sendInstead: ((content: string) => Promise<SendResult>) | undefined;
  /** What `setDisplayName` comes to. */
  nameResult: DisplayNameResult | undefined;
  disconnects = 0;

  constructor(room: FakeRoom) {
    this.#room = room;
  }

  get connected(): boolean {
    return this.connectionState === "connected";
  }

  get user(): User | null {
    return this.connected ? this.asUser() : null;
  }

  asUser(): User {
    return { id: "user:me@example.com", email: "me@example.com", display_name: this.displayName };
  }

  enter(): void {
    this.#room.clients.push(this);
    this.connectionState = "connected";
  }

  async connect(_token?: string, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    this.connectionState = "connecting";
    try {
      await this.beforeConnected(signal);
      signal?.throwIfAborted();
    } catch (error) {
      this.#leave("The connection failed.");
      throw error;
    }
    this.enter();
  }

  disconnect(): Promise<void> {
    this.disconnects++;
    this.#leave();
    return Promise.resolve();
  }

  /** The connection is gone for good, as after the last reconnection. */
  giveUp(cause?: Error): void {
    this.#leave(cause?.message);
    if (cause === undefined) return;
    this.emit("error", { error: cause.message, code: 503, cause });
  }

  on<K extends EventName>(event: K, handler: EventHandler<K>): void {
    this.#handlers[event].push(handler);
  }

  off<K extends EventName>(event: K, handler?: EventHandler<K>): void {
    const list = this.#handlers[event];
    const at = handler === undefined ? -1 : list.indexOf(handler);
    if (at !== -1) list.splice(at, 1);
  }

  emit<K extends EventName>(event: K, payload: EventMap[K]): void {
    for (const handler of [...this.#handlers[event]]) handler(payload);
  }

  /** How many handlers there are, of all events. */
  get handlers(): number {
    return Object.values(this.#handlers).reduce((sum, list) => sum + list.length, 0);
  }

  async send(content: string): Promise<SendResult> {
    if (!this.connected) throw new Error("not connected");
    if (this.sendInstead !== undefined) return await this.sendInstead(content);
    const { id, timestamp } = this.#room.broadcast(this, content);
    return { status: "ok", message_id: id, timestamp };
  }

  /** Says something with traits that only the server can give it. */
  say(content: string, traits?: MessageTraits): void {
    this.#room.broadcast(this, content, traits);
  }

  setDisplayName(name: string | null): Promise<DisplayNameResult> {
    if (this.nameResult === undefined) this.displayName = name;
    return Promise.resolve(this.nameResult ?? { status: "ok", display_name: name });
  }

  #leave(reason?: string): void {
    const at = this.#room.clients.indexOf(this);
    if (at !== -1) this.#room.clients.splice(at, 1);
    this.connectionState = "disconnected";
    const change = { state: this.connectionState, ...(reason === undefined ? {} : { reason }) };
    this.emit("connection_state_changed", change);
  }
}

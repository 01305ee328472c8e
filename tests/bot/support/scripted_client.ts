/**
 * A client without a network, whose connection a test controls.
 * @module
 */
import type { BotClient } from "@roomz/roomz/bot";
import type {
  ConnectionState,
  DisplayNameResult,
  EventHandler,
  EventMap,
  EventName,
  SendResult,
  User,
} from "@roomz/roomz/client";

type Handlers = { [K in EventName]: EventHandler<K>[] };

/** Connects and fails as the test says, and records what is sent. */
export class ScriptedClient implements BotClient {
  connectionState: ConnectionState = "disconnected";
  displayName: string | null = null;
  /** Runs inside `connect`; may wait or throw. */
  beforeConnected: (signal: AbortSignal | undefined) => Promise<void> = () => Promise.resolve();
  /** The result of `setDisplayName`; if undefined, the name is set. */
  nameResult: DisplayNameResult | Error | undefined;
  /** The result of sending a message; if undefined, sending succeeds immediately. */
  answer: (content: string) => Promise<SendResult> | undefined = () => undefined;
  /** When the session expires, milliseconds since 1970; undefined if it does not say. */
  expiry: number | undefined;
  /** The messages sent so far. */
  readonly sent: string[] = [];
  /** How often `disconnect` was called. */
  disconnects = 0;
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

  get connected(): boolean {
    return this.connectionState === "connected";
  }

  get user(): User | null {
    const { displayName: display_name } = this;
    return this.connected
      ? { id: "user:me@example.com", email: "me@example.com", display_name }
      : null;
  }

  /** The number of registered handlers, over all events. */
  get handlers(): number {
    return Object.values(this.#handlers).reduce((sum, list) => sum + list.length, 0);
  }

  async connect(_token?: string, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    this.connectionState = "connecting";
    try {
      await this.beforeConnected(signal);
    } catch (error) {
      this.#leave("The connection failed.");
      throw error;
    }
    this.connectionState = "connected";
  }

  disconnect(): Promise<void> {
    this.disconnects++;
    this.#leave();
    return Promise.resolve();
  }

  /** Loses the connection for good, as after the last reconnect attempt. */
  loseConnection(cause?: Error): void {
    this.#leave(cause?.message);
    if (cause !== undefined) this.emit("error", { error: cause.message, code: 503, cause });
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

  /** Receives a message from the laptop. */
  hear(content: string, own = false): void {
    const user = { id: "user:me@example.com", email: "me@example.com", display_name: "laptop" };
    const timestamp = "2026-11-23T10:00:00Z";
    const traits = { own, maybeTruncated: false, raw: {} };
    this.emit("message", { id: crypto.randomUUID(), user, content, timestamp, ...traits });
  }

  send(content: string): Promise<SendResult> {
    this.sent.push(content);
    return this.answer(content) ??
      Promise.resolve({ status: "ok", message_id: "", timestamp: "" });
  }

  setDisplayName(name: string | null): Promise<DisplayNameResult> {
    if (this.nameResult instanceof Error) return Promise.reject(this.nameResult);
    if (this.nameResult === undefined) this.displayName = name;
    return Promise.resolve(this.nameResult ?? { status: "ok", display_name: name });
  }

  sessionExpiry(): Promise<Date | null> {
    return Promise.resolve(this.expiry === undefined ? null : new Date(this.expiry));
  }

  #leave(reason?: string): void {
    this.connectionState = "disconnected";
    const change = { state: this.connectionState, ...(reason === undefined ? {} : { reason }) };
    this.emit("connection_state_changed", change);
  }
}

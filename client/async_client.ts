/**
 * `AsyncClient`: a client that stays connected to a Roomz server.
 * @module
 */
import { type Account, AuthApi } from "./auth/auth_api.ts";
import { Credentials } from "./auth/credentials.ts";
import type { ConnectionState } from "./base/connection_state.ts";
import { type ClientError, ConnectionError, messageOf } from "./base/errors.ts";
import { EventEmitter } from "./base/event_emitter.ts";
import type {
  AuthenticatedEvent,
  EventHandler,
  EventMap,
  EventName,
  Message,
  User,
} from "./base/events.ts";
import type { DisplayNameResult, SendOk, SendResult, SendTextResult } from "./base/results.ts";
import { TimeLimit } from "./base/operation.ts";
import { parseServerUrl, type ServerUrl } from "./base/server_url.ts";
import { Connector } from "./connection/connector.ts";
import { MessageStream } from "./connection/message_stream.ts";
import {
  type ClientOptions,
  readOptions,
  requireTimeout,
  type Settings,
} from "./connection/options.ts";
import { Outbox } from "./connection/outbox.ts";
import {
  CANCELLED_AFTER_SENDING,
  CANCELLED_BEFORE_SENDING,
  displayNameResult,
  LOST_BEFORE_SENDING,
  malformed,
  sendResult,
  TOO_LONG,
} from "./connection/request_results.ts";
import type { RoomzConnection } from "./connection/roomz_connection.ts";
import { parseDisplayNameAck } from "./protocol/payloads.ts";
import { fitsServer, withoutPadding } from "./protocol/server_text.ts";
import { splitContent } from "./protocol/split_content.ts";

/** The code of a request that the server did not answer in time. */
const NOT_ACKNOWLEDGED = 408;

/**
 * A client of one Roomz server. It connects with a session, reconnects when the connection is lost,
 * and passes events to handlers. Every call that waits settles within a bounded time.
 *
 * It needs only `--allow-net=HOST`, unless the session is cached in a file.
 *
 * @example Say hello and leave
 * ```ts
 * import { AsyncClient } from "@roomz/roomz/client";
 * import { createDevServer } from "@roomz/roomz/dev-server";
 *
 * await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
 * const session = await server.mintSession("me@example.com");
 *
 * await using client = await AsyncClient.open(server.url, session);
 * client.on("message", (message) => console.log(message.user.email, message.content));
 * const result = await client.send("Hello!");
 * if (result.status !== "ok") throw new Error(result.error);
 * ```
 */
export class AsyncClient implements AsyncDisposable {
  readonly #settings: Settings;
  readonly #server: ServerUrl;
  readonly #api: AuthApi;
  readonly #timeLimit: TimeLimit;
  readonly #credentials: Credentials;
  readonly #connector: Connector;
  readonly #emitter = new EventEmitter();
  readonly #outbox = new Outbox();
  /**
   * Called when the client stops for good, so that whatever waits for an event ends. Made when
   * something waits.
   */
  #onStopped: Set<(error: ClientError | undefined) => void> | undefined;
  #user: User | null = null;
  /** As the caller gave it: the server's escaped form must not be set again. */
  #displayName: string | null;
  #warnedOfName = false;

  /**
   * Creates a client; it is not connected yet. `sessionToken` is a magic-link token or a session JWT.
   * @throws {ConfigurationError} The URL or an option is invalid.
   */
  constructor(serverUrl: string | URL, sessionToken = "", options?: ClientOptions) {
    this.#server = parseServerUrl(serverUrl);
    this.#settings = readOptions(options);
    const { platform, sessionCache, displayName } = this.#settings;
    this.#displayName = displayName;
    this.#api = new AuthApi(platform, this.#server.href);
    this.#timeLimit = new TimeLimit(this.#settings, this.#server.href);
    this.#credentials = new Credentials({
      platform,
      api: this.#api,
      server: this.#server.href,
      cache: sessionCache,
      initialToken: sessionToken,
      onCacheFailure: (cause) => this.#reportCacheFailure(cause),
    });
    this.#connector = new Connector({
      settings: this.#settings,
      server: this.#server,
      api: this.#api,
      credentials: this.#credentials,
      emitter: this.#emitter,
      timeLimit: this.#timeLimit,
      onConnected: (connection, event) => this.#connected(connection, event),
      onStopped: (error) => this.#stopped(error),
    });
  }

  /**
   * Creates a client and connects it, for `await using`: it disconnects at the end of the block, even
   * after an error.
   * @throws The same errors as {@linkcode AsyncClient.connect} and the constructor.
   */
  static async open(
    serverUrl: string | URL,
    token?: string,
    options?: ClientOptions,
  ): Promise<AsyncClient> {
    const client = new AsyncClient(serverUrl, token, options);
    await client.connect();
    return client;
  }

  /** Whether the WebSocket is connected and the session was accepted. */
  get connected(): boolean {
    return this.#connector.connection !== undefined;
  }

  /**
   * The session's user, or null before connecting; kept while reconnecting. `display_name` is this
   * connection's.
   */
  get user(): User | null {
    return this.#user;
  }

  /** The state of the connection. */
  get connectionState(): ConnectionState {
    return this.#connector.state;
  }

  /** The server's URL, normalised: `http` or `https`, without a trailing slash. */
  get serverUrl(): string {
    return this.#server.href;
  }

  /** The display name that this client sets on every connection, or null. */
  get displayName(): string | null {
    return this.#displayName;
  }

  /**
   * How many dead sockets were abandoned because they do not close, as with Deno's native WebSocket
   * on a half-open connection (denoland/deno#36337). They receive nothing, but keep the process
   * alive until the system drops the connection: end such a program with `Deno.exit`.
   */
  get abandonedSockets(): number {
    return this.#connector.abandonedSockets;
  }

  /** Registers a handler, which is called after those that are already registered. */
  on<K extends EventName>(event: K, handler: EventHandler<K>): void {
    this.#emitter.on(event, handler);
  }

  /** Removes a handler, or all handlers of the event; an unknown handler is ignored. */
  off<K extends EventName>(event: K, handler?: EventHandler<K>): void {
    this.#emitter.off(event, handler);
  }

  /**
   * Resolves to the payload of the next `event`. `timeout` is in milliseconds; without it, and
   * without `signal`, it waits until the client disconnects for good.
   * @throws {ConnectionError} The event did not occur in time, or the client disconnected for good.
   * @throws {ConfigurationError} `timeout` is not a number of milliseconds.
   */
  waitFor<K extends EventName>(
    event: K,
    { signal, timeout }: { signal?: AbortSignal; timeout?: number } = {},
  ): Promise<EventMap[K]> {
    return new Promise<EventMap[K]>((resolve, reject) => {
      if (timeout !== undefined) requireTimeout(timeout);
      if (signal?.aborted) return reject(signal.reason);
      const handler = (payload: EventMap[K]) => {
        release();
        resolve(payload);
      };
      const fail = (error: unknown) => {
        release();
        reject(error);
      };
      const stopped = (error: ClientError | undefined) =>
        fail(error ?? new ConnectionError(`Disconnected while waiting for "${event}".`));
      const abort = () => fail(signal?.reason);
      const cancel = timeout === undefined ? undefined : this.#settings.platform.schedule(
        () => fail(new ConnectionError(`No "${event}" event within ${timeout} ms.`)),
        timeout,
      );
      const release = () => {
        cancel?.();
        signal?.removeEventListener("abort", abort);
        this.off(event, handler);
        this.#onStopped?.delete(stopped);
      };
      signal?.addEventListener("abort", abort);
      this.on(event, handler);
      (this.#onStopped ??= new Set()).add(stopped);
    });
  }

  /**
   * The messages from now on, including this client's own. Up to 10,000 unread ones are buffered;
   * one more ends the iteration with an error. It ends without an error on `disconnect()` or when
   * the signal aborts, and with one when the client gives up reconnecting.
   *
   * @example Read three messages
   * ```ts no-assert
   * import { AsyncClient } from "@roomz/roomz/client";
   *
   * async function three(client: AsyncClient): Promise<string[]> {
   *   const texts: string[] = [];
   *   for await (const message of client.messages()) {
   *     if (texts.push(message.content) === 3) break;
   *   }
   *   return texts;
   * }
   * ```
   */
  messages({ signal }: { signal?: AbortSignal } = {}): AsyncIterableIterator<Message> {
    const push = (message: Message) => stream.push(message);
    const end = (error?: ClientError) => stream.end(error);
    const abort = () => stream.end();
    const stream = new MessageStream(() => {
      this.off("message", push);
      this.#onStopped?.delete(end);
      signal?.removeEventListener("abort", abort);
    });
    this.on("message", push);
    (this.#onStopped ??= new Set()).add(end);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) stream.end();
    return stream;
  }

  /**
   * Asks the server to mail a magic link; pass the token in it to `connect()`. Resolves to true.
   * @throws {ConnectionError} The server refused, with its reason in the message, or did not answer.
   */
  async login(email: string): Promise<boolean> {
    await this.#timeLimit.run(({ signal }) => this.#api.requestMagicLink(email, signal));
    return true;
  }

  /**
   * Connects; resolves when {@linkcode AsyncClient.connected} is true. The session comes from
   * `token` (a magic-link token or a session JWT), the constructor's token, memory or the session
   * cache, in this order. If the client is already connected it does nothing, unless a token is
   * given: then it reconnects with that session. Calls without a token join a connect in progress;
   * each caller's `signal` ends only its own wait, and the attempt ends with the last of them.
   * @throws {AuthenticationError} There is no session, or the server refused the token or session.
   * @throws {ConnectionError} The server was not reached in time, is full, or is not a Roomz server.
   */
  connect(token = "", { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    return this.#connector.connect(token, signal);
  }

  /**
   * Disconnects, or stops connecting. Everything that is pending settles; resolves within half a
   * second. `connect()` may be called again afterwards.
   */
  disconnect(): Promise<void> {
    return this.#connector.disconnect();
  }

  /** Disconnects. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  /**
   * Asks the server whose session this is; works without being connected.
   * @throws {AuthenticationError} There is no session, or the server does not accept it.
   * @throws {ConnectionError} The server did not answer.
   */
  whoami(): Promise<Account> {
    return this.#timeLimit.run(async (operation) => {
      const { jwt } = await this.#credentials.obtain("", operation);
      return await this.#api.me(jwt, operation.signal);
    });
  }

  /**
   * When the session expires that the next connection would use: this client's own, or the one of a later
   * login in the cache. Null if there is none, or if it does not say. An open connection outlasts its
   * session; only the next one is refused.
   *
   * @example Warn a week ahead
   * ```ts no-assert
   * import type { AsyncClient } from "@roomz/roomz/client";
   *
   * async function checkSession(client: AsyncClient): Promise<void> {
   *   const expiry = await client.sessionExpiry();
   *   if (expiry !== null && expiry.getTime() - Date.now() < 7 * 86_400_000) {
   *     console.warn(`Log in again before ${expiry.toISOString()}.`);
   *   }
   * }
   * ```
   */
  async sessionExpiry(): Promise<Date | null> {
    const expiry = await this.#credentials.expiry();
    return expiry === undefined ? null : new Date(expiry);
  }

  /**
   * Disconnects, and forgets the session in memory and in the cache. The JWT itself stays valid until
   * it expires: the server cannot revoke it.
   */
  async logout(): Promise<void> {
    await this.disconnect();
    await this.clearCachedSession();
  }

  /** Forgets the session in memory and in the cache. An open connection stays open. */
  clearCachedSession(): Promise<void> {
    return this.#credentials.clear();
  }

  /**
   * Sends a message; always settles. `timeout`, in milliseconds, overrides `ackTimeout`. The client
   * never resends a message: one with the delivery "unknown" may have arrived. While a
   * {@linkcode AsyncClient.sendText} is under way, the message goes out after it.
   * @throws {ConnectionError} The client is not connected, or is reconnecting.
   * @throws {ConfigurationError} `timeout` is not a number of milliseconds.
   */
  send(
    content: string,
    { signal, timeout = this.#settings.ackTimeout }: { signal?: AbortSignal; timeout?: number } =
      {},
  ): Promise<SendResult> {
    const { connection } = this.#connector;
    if (connection === undefined) return Promise.reject(this.#notConnected());
    return this.#outbox.free
      ? this.#send(connection, content, timeout, signal)
      : this.#outbox.pass(() => this.#send(connection, content, timeout, signal), signal);
  }

  /**
   * Sends a text of any length: in parts if need be ({@linkcode splitContent}), each after the
   * acknowledgement of the one before. No other message of this client gets between them. Stops at
   * the first part that fails, or when `signal` aborts. `timeout`, in milliseconds, overrides
   * `ackTimeout` for each part. `onPart` is called with the acknowledgement of each part, in order;
   * if it throws, nothing more is sent and the promise rejects. Always settles.
   *
   * @example Send a long text
   * ```ts
   * import { AsyncClient } from "@roomz/roomz/client";
   * import { createDevServer } from "@roomz/roomz/dev-server";
   *
   * await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
   * const session = await server.mintSession("me@example.com");
   * await using client = await AsyncClient.open(server.url, session);
   *
   * const result = await client.sendText("one two three. ".repeat(100));
   * if (result.status !== "ok") throw new Error(result.error);
   * if (result.acknowledged !== 2 || result.parts !== 2) throw new Error("expected two parts");
   * ```
   *
   * @throws {ConnectionError} The client is not connected, or is reconnecting.
   * @throws {ConfigurationError} `timeout` is not a number of milliseconds.
   */
  sendText(
    text: string,
    { signal, timeout = this.#settings.ackTimeout, onPart }: {
      signal?: AbortSignal;
      timeout?: number;
      onPart?: (acknowledgement: SendOk) => void;
    } = {},
  ): Promise<SendTextResult> {
    const { connection } = this.#connector;
    if (connection === undefined) return Promise.reject(this.#notConnected());
    // As with send(), the server decides on a text without any part.
    const [first = text, ...rest] = splitContent(text);
    const task = async (): Promise<SendTextResult> => {
      let result = malformed(text) ?? await this.#send(connection, first, timeout, signal);
      let acknowledged = 0;
      for (const part of rest) {
        if (result.status !== "ok") break;
        acknowledged++;
        onPart?.(result);
        result = await this.#send(connection, part, timeout, signal);
      }
      if (result.status === "ok") {
        acknowledged++;
        onPart?.(result);
      }
      return { ...result, acknowledged, parts: rest.length + 1 };
    };
    return rest.length === 0 ? this.#outbox.pass(task, signal) : this.#outbox.hold(task, signal);
  }

  /** Sends a message now. `connection` is that of the call, which may have had to wait since. */
  #send(
    connection: RoomzConnection,
    content: string,
    timeout: number,
    signal: AbortSignal | undefined,
  ): Promise<SendResult> {
    if (signal?.aborted) return Promise.resolve(CANCELLED_BEFORE_SENDING);
    if (this.#connector.connection !== connection) return Promise.resolve(LOST_BEFORE_SENDING);
    content = withoutPadding(content);
    const refused = malformed(content) ?? (fitsServer(content) ? undefined : TOO_LONG);
    if (refused !== undefined) return Promise.resolve(refused);
    return new Promise((resolve) => {
      requireTimeout(timeout);
      if (signal === undefined) {
        connection.request("message", { content }, timeout, (end) => resolve(sendResult(end)));
        return;
      }
      let id = -1;
      const abort = () => {
        connection.abandon(id);
        resolve(CANCELLED_AFTER_SENDING);
      };
      signal.addEventListener("abort", abort, { once: true });
      id = connection.request("message", { content }, timeout, (end) => {
        signal.removeEventListener("abort", abort);
        resolve(sendResult(end));
      });
    });
  }

  /**
   * Sets this connection's display name, or clears it with null. The client restores it after a
   * reconnection. The server accepts 1 to 50 characters, and no control characters.
   * @throws {ConnectionError} The client is not connected, or is reconnecting.
   */
  setDisplayName(name: string | null): Promise<DisplayNameResult> {
    const { connection } = this.#connector;
    if (connection === undefined) return Promise.reject(this.#notConnected());
    return this.#setDisplayName(connection, name);
  }

  #setDisplayName(connection: RoomzConnection, name: string | null): Promise<DisplayNameResult> {
    const display_name = name === null ? null : withoutPadding(name);
    const refused = display_name === null ? undefined : malformed(display_name);
    if (refused !== undefined) {
      return Promise.resolve({ error: refused.error, code: refused.code });
    }
    return new Promise((resolve) => {
      connection.request(
        "set_display_name",
        { display_name },
        this.#settings.ackTimeout,
        (end) => resolve(displayNameResult(end)),
        (args) => {
          // Even if it is late: the server has changed the name.
          const result = parseDisplayNameAck(args);
          if (result?.status !== "ok") return;
          this.#displayName = result.display_name === null ? null : name;
          if (this.#user !== null) {
            this.#user = { ...this.#user, display_name: result.display_name };
          }
        },
      );
    });
  }

  #notConnected(): ConnectionError {
    return this.connectionState === "reconnecting"
      ? new ConnectionError("Not connected: reconnecting.", {
        advice: 'Wait for the "authenticated" event.',
      })
      : new ConnectionError("Not connected.", { advice: "Call connect() first." });
  }

  #connected(connection: RoomzConnection, event: AuthenticatedEvent): void {
    this.#user = event.user;
    // Before any handler can send, so that the first message already has the name.
    if (this.#displayName !== null) this.#restoreDisplayName(connection, this.#displayName);
  }

  async #restoreDisplayName(connection: RoomzConnection, name: string): Promise<void> {
    const result = await this.#setDisplayName(connection, name);
    if (result.status === "ok" || this.#connector.connection !== connection) return;
    if (result.code === NOT_ACKNOWLEDGED) {
      if (!this.#warnedOfName) {
        this.#settings.logger.warn(
          "The display name was not set: the server did not answer. Roomz 0.1.1 and older have no " +
            "display names.",
        );
      }
      this.#warnedOfName = true;
      return;
    }
    const error = `The display name was not set: ${result.error}`;
    this.#emitter.emit("error", { error, code: result.code });
  }

  #stopped(error: ClientError | undefined): void {
    this.#user = null;
    for (const stopped of [...this.#onStopped ?? []]) stopped(error);
  }

  #reportCacheFailure(cause: unknown): void {
    const error = `Logged in, but the session could not be saved (${messageOf(cause)}). ` +
      "Fix the session cache, then log in again.";
    this.#settings.logger.warn(error);
    this.#emitter.emit("error", { error, code: 500, cause });
  }
}

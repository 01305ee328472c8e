/**
 * `AsyncClient`: a connection to a Roomz server that stays up.
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
import { type Platform, systemPlatform } from "./base/platform.ts";
import type { DisplayNameResult, SendResult } from "./base/results.ts";
import { parseServerUrl, type ServerUrl } from "./base/server_url.ts";
import { Connector } from "./connection/connector.ts";
import type { Link } from "./connection/link.ts";
import { MessageStream } from "./connection/message_stream.ts";
import {
  type ClientOptions,
  readOptions,
  requireTimeout,
  type Settings,
} from "./connection/options.ts";
import {
  CANCELLED_AFTER_SENDING,
  CANCELLED_BEFORE_SENDING,
  displayNameResult,
  sendResult,
  TOO_LONG,
} from "./connection/request_results.ts";
import { withTimeLimit } from "./connection/time_limit.ts";
import { fitsServer } from "./protocol/server_text.ts";

/**
 * A client of one Roomz server. It connects with a session, keeps the connection up, and hands
 * events to handlers. Every call that waits settles within a bound.
 *
 * Needs `--allow-net=HOST` and nothing else, unless the session is cached in a file.
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
  readonly #platform: Platform;
  readonly #settings: Settings;
  readonly #server: ServerUrl;
  readonly #api: AuthApi;
  readonly #credentials: Credentials;
  readonly #connector: Connector;
  readonly #emitter = new EventEmitter();
  /** Called with the reason when the client comes to rest: what waits for an event ends. */
  readonly #waiting = new Set<(error: ClientError | undefined) => void>();
  #user: User | null = null;
  /** As the user gave it: the server's escaped form must not be set again. */
  #displayName: string | null;

  /**
   * A client that is not connected yet. `sessionToken` is a magic-link token or a session JWT.
   * @throws {ConfigurationError} The URL or an option is not valid.
   */
  constructor(serverUrl: string | URL, sessionToken?: string, options?: ClientOptions);
  constructor(
    serverUrl: string | URL,
    sessionToken = "",
    options: ClientOptions = {},
    platform: Platform = systemPlatform,
  ) {
    this.#platform = platform;
    this.#server = parseServerUrl(serverUrl);
    this.#settings = readOptions(options);
    this.#displayName = this.#settings.displayName;
    this.#api = new AuthApi(platform, this.#server.href);
    this.#credentials = new Credentials(
      platform,
      this.#api,
      this.#server.href,
      this.#settings.sessionCache,
      sessionToken,
      (cause) => this.#reportCacheFailure(cause),
    );
    this.#connector = new Connector(
      platform,
      this.#settings,
      this.#server,
      this.#api,
      this.#credentials,
      this.#emitter,
      {
        ready: (link, event) => this.#ready(link, event),
        stopped: (error) => this.#stopped(error),
      },
    );
  }

  /**
   * A connected client, for `await using`: it disconnects at the end of the block, on errors too.
   * @throws As {@linkcode AsyncClient.connect} and the constructor do.
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
    return this.#connector.link !== undefined;
  }

  /** Whose session it is, or null; kept while reconnecting. `display_name` is this connection's. */
  get user(): User | null {
    return this.#user;
  }

  /** Where the connection stands. */
  get connectionState(): ConnectionState {
    return this.#connector.state;
  }

  /** The server's address, normalised: `http` or `https`, no trailing slash. */
  get serverUrl(): string {
    return this.#server.href;
  }

  /** The display name that this client sets on every connection, or null. */
  get displayName(): string | null {
    return this.#displayName;
  }

  /**
   * Dead sockets that were left behind because their close does not finish, as Deno's native
   * WebSocket does on a half-open connection (denoland/deno#36337). They carry nothing, but keep
   * the process up until the system gives the connection up: end such a program with `Deno.exit`.
   */
  get abandonedSockets(): number {
    return this.#connector.abandonedSockets;
  }

  /** Calls `handler` on every `event`, after the handlers that are already there. */
  on<K extends EventName>(event: K, handler: EventHandler<K>): void {
    this.#emitter.on(event, handler);
  }

  /** Removes a handler, or all of the event's; an unknown handler changes nothing. */
  off<K extends EventName>(event: K, handler?: EventHandler<K>): void {
    this.#emitter.off(event, handler);
  }

  /**
   * The next `event`. `timeout` is in milliseconds; without it and without `signal` it waits until
   * the client comes to rest.
   * @throws {ConnectionError} It did not come in time, or the connection was given up.
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
      const rest = (error: ClientError | undefined) =>
        fail(error ?? new ConnectionError(`Disconnected while waiting for "${event}".`));
      const abort = () => fail(signal?.reason);
      const cancel = timeout === undefined ? undefined : this.#platform.schedule(
        () => fail(new ConnectionError(`No "${event}" event came within ${timeout} ms.`)),
        timeout,
      );
      const release = () => {
        cancel?.();
        signal?.removeEventListener("abort", abort);
        this.off(event, handler);
        this.#waiting.delete(rest);
      };
      signal?.addEventListener("abort", abort);
      this.on(event, handler);
      this.#waiting.add(rest);
    });
  }

  /**
   * The messages from now on, this client's own included. Up to 10,000 wait to be read; more end
   * the iteration with an error. It ends quietly on `disconnect()` or the signal, and with an error
   * when the connection is given up.
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
      this.#waiting.delete(end);
      signal?.removeEventListener("abort", abort);
    });
    this.on("message", push);
    this.#waiting.add(end);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) stream.end();
    return stream;
  }

  /**
   * Asks the server to mail a magic link; `connect()` takes the token in it. True when it was sent.
   * @throws {ConnectionError} The server refused, with its reason in the message, or did not answer.
   */
  async login(email: string): Promise<boolean> {
    await this.#limited((signal) => this.#api.requestMagicLink(email, signal));
    return true;
  }

  /**
   * Connects; resolves when {@linkcode AsyncClient.connected} is true. The session comes from
   * `token` (a magic-link token or a session JWT), the constructor's token, memory or the session
   * cache, in this order. Already connected, it does nothing, unless a token is given: then that
   * session takes the old one's place.
   * @throws {AuthenticationError} No session, or the server refused the token or the session.
   * @throws {ConnectionError} The server was not reached in time, is full, or is no Roomz server.
   */
  connect(token = "", { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    return this.#connector.connect(token, signal);
  }

  /**
   * Closes the connection, or stops making one. Whatever is pending settles; resolves within half a
   * second. `connect()` works again after it.
   */
  disconnect(): Promise<void> {
    return this.#connector.disconnect();
  }

  /** Disconnects. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  /**
   * Whose session this is, asked of the server; no connection is needed.
   * @throws {AuthenticationError} There is no session, or the server does not accept it.
   * @throws {ConnectionError} The server did not answer.
   */
  whoami(): Promise<Account> {
    return this.#limited(async (signal) => {
      const { jwt } = await this.#credentials.obtain("", signal);
      return await this.#api.me(jwt, signal);
    });
  }

  /**
   * Disconnects, and forgets the session everywhere. The JWT itself stays valid until it expires:
   * the server cannot revoke it.
   */
  async logout(): Promise<void> {
    await this.disconnect();
    await this.clearCachedSession();
  }

  /** Forgets the session in memory and in the cache. An open connection stays. */
  clearCachedSession(): Promise<void> {
    return this.#credentials.clear();
  }

  /**
   * Sends a message; settles always. `timeout` in milliseconds takes the place of `ackTimeout`.
   * A message that may have arrived ("unknown") is never sent again by itself.
   * @throws {ConnectionError} Not connected, reconnecting included.
   * @throws {ConfigurationError} `timeout` is not a number of milliseconds.
   */
  send(
    content: string,
    { signal, timeout = this.#settings.ackTimeout }: { signal?: AbortSignal; timeout?: number } =
      {},
  ): Promise<SendResult> {
    const { link } = this.#connector;
    if (link === undefined) return Promise.reject(this.#notConnected());
    if (signal?.aborted) return Promise.resolve(CANCELLED_BEFORE_SENDING);
    if (!fitsServer(content)) return Promise.resolve(TOO_LONG);
    return new Promise((resolve) => {
      requireTimeout(timeout);
      const id = link.request("message", { content }, timeout, (outcome) => {
        const result = sendResult(outcome);
        if (result.status === "ok") link.ownMessage(result.message_id);
        signal?.removeEventListener("abort", abort);
        resolve(result);
      });
      if (signal === undefined) return;
      const abort = () => {
        link.giveUp(id);
        resolve(CANCELLED_AFTER_SENDING);
      };
      signal.addEventListener("abort", abort, { once: true });
    });
  }

  /**
   * Sets this connection's display name, or clears it with null; set again after reconnections.
   * The server takes 1 to 50 characters and no control characters.
   * @throws {ConnectionError} Not connected, reconnecting included.
   */
  setDisplayName(name: string | null): Promise<DisplayNameResult> {
    const { link } = this.#connector;
    if (link === undefined) return Promise.reject(this.#notConnected());
    return this.#setDisplayName(link, name);
  }

  #setDisplayName(link: Link, name: string | null): Promise<DisplayNameResult> {
    return new Promise((resolve) => {
      const payload = { display_name: name };
      link.request("set_display_name", payload, this.#settings.ackTimeout, (outcome) => {
        const result = displayNameResult(outcome);
        if (result.status === "ok") {
          this.#displayName = result.display_name === null ? null : name;
          if (this.#user !== null) {
            this.#user = { ...this.#user, display_name: result.display_name };
          }
        }
        resolve(result);
      });
    });
  }

  #notConnected(): ConnectionError {
    return new ConnectionError(
      this.connectionState === "reconnecting"
        ? 'Not connected: reconnecting. Wait for the "authenticated" event, then send.'
        : "Not connected. Call connect() first.",
    );
  }

  #ready(link: Link, event: AuthenticatedEvent): void {
    this.#user = event.user;
    // Before any handler can send: the first message already carries the name.
    if (this.#displayName !== null) this.#restoreDisplayName(link, this.#displayName);
    this.#emitter.emit("authenticated", event);
  }

  async #restoreDisplayName(link: Link, name: string): Promise<void> {
    const result = await this.#setDisplayName(link, name);
    if (result.status === "ok" || this.#connector.link !== link) return;
    const error = `The display name was not set: ${result.error}`;
    this.#emitter.emit("error", { error, code: result.code });
  }

  #stopped(error: ClientError | undefined): void {
    this.#user = null;
    for (const rest of [...this.#waiting]) rest(error);
  }

  #reportCacheFailure(cause: unknown): void {
    const error =
      `The session was not kept: ${messageOf(cause)}. It is good until this program ends; mend ` +
      "the session cache, then log in again.";
    this.#settings.logger.warn(error);
    this.#emitter.emit("error", { error, code: 500, cause });
  }

  /** Runs an HTTP call within the connection timeout. */
  #limited<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { connectionTimeout } = this.#settings;
    return withTimeLimit(this.#platform, this.#server.href, connectionTimeout, [], call);
  }
}

/** A client in an environment of the caller's: for this package's own tests. */
export function createClient(
  serverUrl: string | URL,
  sessionToken: string,
  options: ClientOptions,
  platform: Platform,
): AsyncClient {
  return Reflect.construct(AsyncClient, [serverUrl, sessionToken, options, platform]);
}

/**
 * Makes the connection, keeps it up and gives it up: the states of a client and how they change.
 *
 * At most one link is live. Whatever is under way (a connect, or the reconnections after a loss)
 * has one AbortController; what takes its place aborts it.
 * @module
 */
import { type AuthApi, sessionCookie } from "../auth/auth_api.ts";
import type { Credentials } from "../auth/credentials.ts";
import type { Session } from "../auth/session_cache.ts";
import { ConnectionState } from "../base/connection_state.ts";
import { AuthenticationError, ClientError, ConnectionError, messageOf } from "../base/errors.ts";
import type { EventEmitter } from "../base/event_emitter.ts";
import type { AuthenticatedEvent, ConnectionStateChangedEvent } from "../base/events.ts";
import type { Platform } from "../base/platform.ts";
import type { ServerUrl } from "../base/server_url.ts";
import { Backoff } from "./backoff.ts";
import type { ConnectionEnd } from "./connection.ts";
import { Link } from "./link.ts";
import type { Settings } from "./options.ts";
import { abortable, withTimeLimit } from "./time_limit.ts";

/** Who is told what the events do not say. */
export interface ConnectorListener {
  /** Connected and accepted; the `authenticated` event is still to be emitted. */
  ready(link: Link, event: AuthenticatedEvent): void;
  /** Nothing is under way any more; the error says why, unless it was asked for. */
  stopped(error: ClientError | undefined): void;
}

/** Close code "policy violation": the session may have been revoked. */
const POLICY_VIOLATION = 1008;

/** The connection of one client. */
export class Connector {
  readonly #platform: Platform;
  readonly #settings: Settings;
  readonly #server: ServerUrl;
  readonly #api: AuthApi;
  readonly #credentials: Credentials;
  readonly #emitter: EventEmitter;
  readonly #listener: ConnectorListener;
  readonly #backoff: Backoff;
  #state: ConnectionState = ConnectionState.DISCONNECTED;
  #link: Link | undefined;
  #connectedAt = 0;
  #work: AbortController | undefined;
  #connecting: Promise<void> | undefined;
  readonly #closing = new Set<Promise<void>>();
  #abandoned = 0;

  constructor(
    platform: Platform,
    settings: Settings,
    server: ServerUrl,
    api: AuthApi,
    credentials: Credentials,
    emitter: EventEmitter,
    listener: ConnectorListener,
  ) {
    this.#platform = platform;
    this.#settings = settings;
    this.#server = server;
    this.#api = api;
    this.#credentials = credentials;
    this.#emitter = emitter;
    this.#listener = listener;
    this.#backoff = new Backoff(settings.reconnectDelay, platform.random);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The live link; undefined unless connected. */
  get link(): Link | undefined {
    return this.#link;
  }

  /** Half-open sockets that were left behind because their close does not finish. */
  get abandonedSockets(): number {
    return this.#abandoned;
  }

  /** Connects, or joins a connect that is under way. `token` is "" where the caller gave none. */
  async connect(token: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (token === "") {
      if (this.#link !== undefined) return;
      if (this.#connecting !== undefined) return await abortable(this.#connecting, signal);
    }
    this.#work?.abort(new ConnectionError("A newer connect() took the place of this one."));
    const connecting = this.#connect(token, signal);
    this.#connecting = connecting;
    try {
      await connecting;
    } finally {
      if (this.#connecting === connecting) this.#connecting = undefined;
    }
  }

  /** Leaves, whatever is under way; resolves within a bound. */
  async disconnect(): Promise<void> {
    this.#work?.abort(new ConnectionError("disconnect() was called before this was done."));
    this.#work = undefined;
    this.#drop(() => this.#change({ state: ConnectionState.DISCONNECTED }));
    this.#stop(undefined);
    await Promise.all(this.#closing);
  }

  async #connect(token: string, callerSignal: AbortSignal | undefined): Promise<void> {
    const work = this.#begin();
    // An old connection stays up until there is a session to take its place.
    if (this.#link === undefined) this.#change({ state: ConnectionState.CONNECTING });
    try {
      const session = await this.#limited([work.signal, callerSignal], async (signal) => {
        const session = await this.#credentials.obtain(token, signal);
        signal.throwIfAborted(); // Before the old connection is left.
        this.#drop(() => this.#change({ state: ConnectionState.CONNECTING }));
        const end = await this.#open(session, work, signal);
        if (end !== undefined) throw await this.#explain(end, session, signal);
        return session;
      });
      await this.#credentials.remember(session);
    } catch (error) {
      if (this.#work === work) {
        this.#work = undefined;
        if (this.#link === undefined) this.#stop(asClientError(error));
      }
      throw error === callerSignal?.reason ? error : asClientError(error);
    }
  }

  /** The live link ended without having been asked to. */
  #lost(end: ConnectionEnd): void {
    const reason = `Connection lost: ${end.detail}.`;
    this.#settings.logger.info(reason);
    this.#link = undefined;
    this.#backoff.connectionHeld(this.#platform.monotonic() - this.#connectedAt);
    if (this.#work !== undefined) {
      // A connect() with another token is under way, and takes over.
      this.#change({ state: ConnectionState.CONNECTING, reason });
      this.#emitter.emit("disconnect", {});
    } else if (this.#settings.reconnect) {
      // Before anyone is told: a handler may call disconnect(), which must find what to abort.
      const work = this.#begin();
      this.#change({ state: ConnectionState.RECONNECTING, reason });
      this.#emitter.emit("disconnect", {});
      this.#reconnect(work, new ConnectionError(reason), end.closeCode === POLICY_VIOLATION);
    } else {
      this.#change({ state: ConnectionState.DISCONNECTED, reason });
      this.#emitter.emit("disconnect", {});
      this.#listener.stopped(new ConnectionError(`${reason} Call connect() to come back.`));
    }
  }

  async #reconnect(work: AbortController, loss: ClientError, suspect: boolean): Promise<void> {
    let failure = loss;
    for (let attempt = 1; attempt <= this.#settings.maxReconnectAttempts; attempt++) {
      const retryIn = this.#backoff.next();
      const { message: reason } = failure;
      if (work.signal.aborted) return;
      this.#change({ state: ConnectionState.RECONNECTING, reason, attempt, retryIn });
      try {
        await this.#sleep(retryIn, work.signal);
        await this.#limited([work.signal], async (signal) => {
          // The session as it is now: a newer login counts at once.
          const session = this.#credentials.current();
          if (suspect) await this.#api.me(session.jwt, signal);
          suspect = false;
          const end = await this.#open(session, work, signal);
          if (end?.reason === "refused") throw await this.#explain(end, session, signal);
          if (end !== undefined) {
            const advice = `check that the server runs, and ${LOOK_FOR_PROXY}`;
            throw noWebSocket(this.#server.href, end, advice);
          }
        });
        return;
      } catch (error) {
        if (work.signal.aborted) return;
        failure = asClientError(error);
        if (failure instanceof AuthenticationError) break;
      }
    }
    if (work.signal.aborted) return;
    this.#work = undefined;
    const { message } = failure;
    this.#change({ state: ConnectionState.DISCONNECTED, reason: message });
    const gaveUp = failure instanceof AuthenticationError
      ? failure
      : new ConnectionError(`Gave up reconnecting. ${message} Call connect() to try again.`, {
        cause: failure,
      });
    // First the event: who waits for "error" gets it, and is not told that it never came.
    const code = failure instanceof AuthenticationError ? 401 : 503;
    this.#emitter.emit("error", { error: gaveUp.message, code, cause: gaveUp });
    this.#listener.stopped(failure);
  }

  /**
   * Opens a link. Resolves to undefined once the session is accepted, or to how the link ended
   * before that.
   */
  async #open(
    session: Session,
    work: AbortController,
    signal: AbortSignal,
  ): Promise<ConnectionEnd | undefined> {
    signal.throwIfAborted();
    const opened = Promise.withResolvers<ConnectionEnd | undefined>();
    // At once, not when the promise is settled: disconnect() waits for the sockets that close.
    const leave = () => {
      if (this.#link === link) void this.disconnect();
      else this.#close(link);
    };
    const link: Link = new Link(
      this.#platform,
      this.#server.webSocket,
      sessionCookie(session.jwt),
      this.#emitter,
      {
        ready: (event) => {
          this.#link = link;
          this.#connectedAt = this.#platform.monotonic();
          if (this.#work === work) this.#work = undefined;
          opened.resolve(undefined);
          this.#change({ state: ConnectionState.CONNECTED });
          // A handler of the change may have called disconnect().
          if (this.#link === link) this.#listener.ready(link, event);
        },
        ended: (end) => {
          signal.removeEventListener("abort", leave);
          this.#close(link);
          opened.resolve(end);
          if (this.#link === link) this.#lost(end);
        },
        skipped: (problem) => this.#settings.logger.debug(`Skipped a frame: ${problem}`),
      },
    );
    signal.addEventListener("abort", leave);
    try {
      return await abortable(opened.promise, signal);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  /** The right error for a first connection that did not come up. */
  async #explain(end: ConnectionEnd, session: Session, signal: AbortSignal): Promise<ClientError> {
    const { href } = this.#server;
    try {
      await this.#api.me(session.jwt, signal);
    } catch (error) {
      return asClientError(error);
    }
    return end.reason === "refused"
      ? new ConnectionError(
        `${href} refused the connection though the session is good: the server is full. Try ` +
          "again later, or close connections that are not needed.",
      )
      : noWebSocket(href, end, LOOK_FOR_PROXY); // For the server has just answered.
  }

  #begin(): AbortController {
    this.#work = new AbortController();
    return this.#work;
  }

  /** Leaves the live link, where there is one; `enterNextState` runs before anyone is told. */
  #drop(enterNextState: () => void): void {
    const link = this.#link;
    if (link === undefined) return;
    this.#link = undefined;
    this.#close(link);
    enterNextState();
    this.#emitter.emit("disconnect", {});
  }

  /** Closes a link's socket. One that does not get closed within the bound is left behind. */
  #close(link: Link): void {
    let closed = false;
    let abandoned = false;
    link.closed.then(() => {
      closed = true;
      if (abandoned) this.#abandoned--;
    });
    const closing = link.close().then(() => {
      this.#closing.delete(closing);
      if (closed) return;
      abandoned = true;
      this.#abandoned++;
    });
    this.#closing.add(closing);
  }

  /** Comes to rest. */
  #stop(error: ClientError | undefined): void {
    if (this.#state !== ConnectionState.DISCONNECTED) {
      const reason = error === undefined ? {} : { reason: error.message };
      this.#change({ state: ConnectionState.DISCONNECTED, ...reason });
    }
    this.#listener.stopped(error);
  }

  #change(change: ConnectionStateChangedEvent): void {
    this.#state = change.state;
    this.#emitter.emit("connection_state_changed", change);
  }

  #limited<T>(
    signals: readonly (AbortSignal | undefined)[],
    operation: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { connectionTimeout } = this.#settings;
    return withTimeLimit(
      this.#platform,
      this.#server.href,
      connectionTimeout,
      signals,
      operation,
    );
  }

  #sleep(delay: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#platform.schedule(resolve, delay);
    return abortable(promise, signal).finally(cancel);
  }
}

function asClientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  return new ConnectionError(`The connection failed: ${messageOf(error)}`, { cause: error });
}

const LOOK_FOR_PROXY = "look for a proxy in between that does not pass WebSockets";

function noWebSocket(
  server: string,
  { detail, reason }: ConnectionEnd,
  advice: string,
): ConnectionError {
  // Some of these words are sentences already.
  const words = (detail || reason).replace(/\.$/, "");
  return new ConnectionError(
    reason === "foreign"
      ? `The WebSocket at ${server} is not a Roomz server's: ${words}. Check the URL and its port.`
      : `No WebSocket connection to ${server}: ${words}. If this lasts, ${advice}.`,
  );
}

/**
 * Connecting, reconnecting and disconnecting: the states of a client and how they change.
 *
 * At most one connection is live. The operation in progress (a connect, or the reconnections after a
 * loss) is one `Operation`; whatever replaces it aborts it.
 * @module
 */
import { type AuthApi, sessionCookie } from "../auth/auth_api.ts";
import type { Credentials } from "../auth/credentials.ts";
import type { Session } from "../auth/session_cache.ts";
import { ConnectionState } from "../base/connection_state.ts";
import { AuthenticationError, ClientError, ConnectionError, messageOf } from "../base/errors.ts";
import type { EventEmitter } from "../base/event_emitter.ts";
import type { AuthenticatedEvent, ConnectionStateChangedEvent } from "../base/events.ts";
import { outOfDescriptors } from "../base/file_descriptors.ts";
import { abortable, Operation, type TimeLimit } from "../base/operation.ts";
import type { ServerUrl } from "../base/server_url.ts";
import { Backoff } from "./backoff.ts";
import type { Settings } from "./options.ts";
import { RoomzConnection } from "./roomz_connection.ts";
import type { ConnectionEnd, ConnectionListener } from "./socket_io_connection.ts";
import { requestedDelay } from "./transient.ts";

/** What `new Connector(…)` takes. */
export interface ConnectorParts {
  readonly settings: Settings;
  readonly server: ServerUrl;
  readonly api: AuthApi;
  readonly credentials: Credentials;
  readonly emitter: EventEmitter;
  readonly timeLimit: TimeLimit;
  /** The session was accepted; called before any handler of an event learns of it. */
  readonly onConnected: (connection: RoomzConnection, event: AuthenticatedEvent) => void;
  /** The client is disconnected and stays so. `error` says why, unless the caller asked for it. */
  readonly onStopped: (error: ClientError | undefined) => void;
}

/** Deno's words for a handshake that was redirected, or refused for a while: HTTP has headers, too. */
const HTTP_SAYS_WHY = /status code: (3\d\d|429|503)/;

/** A connect in progress. */
interface Attempt {
  readonly operation: Operation;
  /** Resolves to the session that the server accepted. */
  readonly connected: Promise<Session>;
  /** Resolves once that session is in the cache as well. */
  readonly remembered: Promise<void>;
  /** How many callers wait for it. */
  callers: number;
}

/** A connection that is not ready yet, and what waits for it. */
interface Opening {
  readonly connection: RoomzConnection;
  readonly operation: Operation;
  readonly settle: (end: ConnectionEnd | undefined) => void;
}

/** Close code "policy violation": the session may have been revoked. */
const POLICY_VIOLATION = 1008;

/** Keeps one client connected. */
export class Connector implements ConnectionListener {
  readonly #settings: Settings;
  readonly #server: ServerUrl;
  readonly #api: AuthApi;
  readonly #credentials: Credentials;
  readonly #emitter: EventEmitter;
  readonly #timeLimit: TimeLimit;
  readonly #onConnected: ConnectorParts["onConnected"];
  readonly #onStopped: ConnectorParts["onStopped"];
  readonly #backoff: Backoff;
  #state: ConnectionState = ConnectionState.DISCONNECTED;
  #connection: RoomzConnection | undefined;
  /** Never beside a live connection. */
  #opening: Opening | undefined;
  #connectedAt = 0;
  #operation: Operation | undefined;
  #attempt: Attempt | undefined;
  /** Made when the first connection is closed. */
  #closing: Set<Promise<void>> | undefined;
  #abandonedSockets = 0;

  constructor(parts: ConnectorParts) {
    this.#settings = parts.settings;
    this.#server = parts.server;
    this.#api = parts.api;
    this.#credentials = parts.credentials;
    this.#emitter = parts.emitter;
    this.#timeLimit = parts.timeLimit;
    this.#onConnected = parts.onConnected;
    this.#onStopped = parts.onStopped;
    this.#backoff = new Backoff(parts.settings.reconnectDelay, this.#settings.platform.random);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The live connection; undefined unless connected. */
  get connection(): RoomzConnection | undefined {
    return this.#connection;
  }

  /** How many half-open sockets were abandoned because they do not close. */
  get abandonedSockets(): number {
    return this.#abandonedSockets;
  }

  /**
   * Connects, or joins a connect in progress, which ends early only when all of its callers have
   * aborted. `token` is "" if the caller gave none.
   */
  async connect(token: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    let attempt = token === "" ? this.#attempt : undefined;
    if (token === "" && this.#connection !== undefined) return;
    if (attempt === undefined || attempt.operation.aborted) {
      this.#operation?.abort(new ConnectionError("Superseded by a later connect()."));
      attempt = this.#attempt = this.#connect(token);
    }
    attempt.callers++;
    if (signal !== undefined) await this.#waitUnlessAborted(attempt, signal);
    await attempt.remembered;
  }

  /** Waits for a connection as one of its callers, who may leave. */
  async #waitUnlessAborted(attempt: Attempt, signal: AbortSignal): Promise<void> {
    // Synchronously, not once the promise settles: disconnect() waits for the closing sockets.
    const leave = () => {
      if (--attempt.callers === 0) attempt.operation.abort(signal.reason);
    };
    signal.addEventListener("abort", leave);
    try {
      await abortable(attempt.connected, signal);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  /** Disconnects and aborts the operation in progress, within a bounded time. */
  async disconnect(): Promise<void> {
    this.#operation?.abort(new ConnectionError("Aborted by disconnect()."));
    this.#operation = undefined;
    this.#drop(() => this.#change({ state: ConnectionState.DISCONNECTED }));
    this.#stop(undefined);
    await Promise.all(this.#closing ?? []);
  }

  #connect(token: string): Attempt {
    const operation = this.#begin();
    const connected = this.#establish(token, operation);
    const remembered = connected.then((session) => this.#credentials.remember(session));
    remembered.catch(() => {}); // Callers that wait for `connected` get its error.
    return { operation, connected, remembered, callers: 0 };
  }

  async #establish(token: string, operation: Operation): Promise<Session> {
    // An old connection stays up until there is a session to replace it.
    if (this.#connection === undefined) this.#change({ state: ConnectionState.CONNECTING });
    try {
      return await this.#timeLimit.run(async (limited) => {
        const session = await this.#credentials.obtain(token, limited);
        limited.throwIfAborted(); // Before dropping the old connection.
        this.#drop(() => this.#change({ state: ConnectionState.CONNECTING }));
        const end = await this.#open(session, operation, limited);
        if (end !== undefined) throw await this.#explain(end, session, limited);
        return session;
      }, operation);
    } catch (cause) {
      const error = asClientError(cause);
      if (this.#operation === operation) {
        this.#operation = undefined;
        if (this.#connection === undefined) this.#stop(error);
      }
      throw error;
    } finally {
      if (this.#attempt?.operation === operation) this.#attempt = undefined;
    }
  }

  /** Handles the loss of the live connection. */
  #lost(end: ConnectionEnd): void {
    const reason = `Connection lost: ${end.detail}.`;
    this.#settings.logger.info(reason);
    this.#connection = undefined;
    this.#backoff.connectionLasted(this.#settings.platform.monotonic() - this.#connectedAt);
    if (this.#operation !== undefined) {
      // A connect() with another token is in progress, and takes over.
      this.#change({ state: ConnectionState.CONNECTING, reason });
      this.#emitter.emit("disconnect", {});
    } else if (this.#settings.reconnect) {
      // Before the events: a handler may call disconnect(), which must find what to abort.
      const operation = this.#begin();
      this.#change({ state: ConnectionState.RECONNECTING, reason });
      this.#emitter.emit("disconnect", {});
      this.#reconnect(operation, new ConnectionError(reason), end.closeCode === POLICY_VIOLATION);
    } else {
      this.#change({ state: ConnectionState.DISCONNECTED, reason });
      this.#emitter.emit("disconnect", {});
      this.#onStopped(new ConnectionError(reason, { advice: "Call connect() to reconnect." }));
    }
  }

  async #reconnect(
    operation: Operation,
    loss: ClientError,
    mayBeRevoked: boolean,
  ): Promise<void> {
    let failure = loss;
    for (let attempt = 1; attempt <= this.#settings.maxReconnectAttempts; attempt++) {
      const retryIn = Math.max(this.#backoff.next(), requestedDelay(failure));
      const { facts: reason } = failure;
      if (operation.aborted) return;
      this.#change({ state: ConnectionState.RECONNECTING, reason, attempt, retryIn });
      try {
        await this.#sleep(retryIn, operation);
        await this.#timeLimit.run(async (limited) => {
          // Read anew for each attempt: a login may have replaced the session.
          const session = await this.#credentials.current();
          if (mayBeRevoked) await this.#api.me(session.jwt, limited.signal);
          mayBeRevoked = false;
          const end = await this.#open(session, operation, limited);
          if (end !== undefined) {
            if (end.reason === "refused" || HTTP_SAYS_WHY.test(end.detail)) {
              throw await this.#explain(end, session, limited);
            }
            const advice = `Check that the server is running, and ${LOOK_FOR_PROXY}`;
            throw noWebSocket(this.#server.href, end, "", advice);
          }
        }, operation);
        return;
      } catch (error) {
        if (operation.aborted) return;
        failure = asClientError(error);
        if (failure instanceof AuthenticationError) break;
      }
    }
    if (operation.aborted) return;
    this.#operation = undefined;
    this.#change({ state: ConnectionState.DISCONNECTED, reason: failure.facts });
    const isRefused = failure instanceof AuthenticationError;
    const error = isRefused
      ? failure
      : new ConnectionError(`Gave up reconnecting. ${failure.message}`, {
        advice: "Call connect() to try again.",
        cause: failure,
      });
    // The event first, so that waitFor("error") gets it before onStopped rejects it.
    const code = isRefused ? 401 : 503;
    this.#emitter.emit("error", { error: error.message, code, cause: error });
    this.#onStopped(failure);
  }

  /**
   * Opens a connection. Resolves to undefined once the session is accepted, or to how the connection
   * ended before that.
   */
  #open(
    session: Session,
    operation: Operation,
    limited: Operation,
  ): Promise<ConnectionEnd | undefined> {
    limited.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<ConnectionEnd | undefined>();
    const connection = new RoomzConnection({
      platform: this.#settings.platform,
      url: this.#server.webSocket,
      cookie: sessionCookie(session.jwt),
      emitter: this.#emitter,
      listener: this,
    });
    this.#opening = { connection, operation, settle: resolve };
    // Synchronously, not once the promise settles: disconnect() waits for the closing sockets.
    limited.onAbort((reason) => {
      if (this.#connection === connection) void this.disconnect();
      else if (this.#opening?.connection === connection) {
        this.#opening = undefined;
        this.#close(connection);
      }
      reject(reason);
    });
    return promise;
  }

  /** The session was accepted. */
  ready(event: AuthenticatedEvent): void {
    if (this.#opening === undefined) return;
    const { connection, operation, settle } = this.#opening;
    this.#opening = undefined;
    this.#connection = connection;
    this.#connectedAt = this.#settings.platform.monotonic();
    if (this.#operation === operation) this.#operation = undefined;
    settle(undefined);
    this.#onConnected(connection, event);
    if (this.#connection !== connection) return;
    this.#change({ state: ConnectionState.CONNECTED });
    // A handler of the change may have called disconnect().
    if (this.#connection === connection) this.#emitter.emit("authenticated", event);
  }

  /** The connection ended by itself, before or after it was ready. */
  ended(end: ConnectionEnd): void {
    if (this.#opening !== undefined) {
      const { connection, settle } = this.#opening;
      this.#opening = undefined;
      this.#close(connection);
      settle(end);
    } else if (this.#connection !== undefined) {
      this.#close(this.#connection);
      this.#lost(end);
    }
  }

  /** A frame was skipped. */
  skipped(problem: string): void {
    this.#settings.logger.debug(`Skipped a frame: ${problem}`);
  }

  /** The error for a connection that was not established. */
  async #explain(end: ConnectionEnd, session: Session, limited: Operation): Promise<ClientError> {
    const { href } = this.#server;
    try {
      await this.#api.me(session.jwt, limited.signal);
    } catch (error) {
      return asClientError(error);
    }
    return end.reason === "refused"
      ? new ConnectionError(
        `${href} refused the connection although the session is valid: the server is full.`,
        { advice: "Try again later, or close other connections." },
      )
      : noWebSocket(href, end, ` HTTP works: ${LOOK_FOR_PROXY}`);
  }

  #begin(): Operation {
    this.#operation = new Operation();
    return this.#operation;
  }

  /** Drops the live connection, if any; `enterNextState` runs before the `disconnect` event. */
  #drop(enterNextState: () => void): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    this.#close(connection);
    enterNextState();
    this.#emitter.emit("disconnect", {});
  }

  /** Closes a connection's socket. One that does not close within the bound is abandoned. */
  #close(connection: RoomzConnection): void {
    let closed = false;
    let abandoned = false;
    connection.closed.then(() => {
      closed = true;
      if (abandoned) this.#abandonedSockets--;
    });
    const closing = connection.close().then(() => {
      this.#closing?.delete(closing);
      if (closed) return;
      abandoned = true;
      this.#abandonedSockets++;
    });
    this.#closing ??= new Set();
    this.#closing.add(closing);
  }

  #stop(error: ClientError | undefined): void {
    if (this.#state !== ConnectionState.DISCONNECTED) {
      const reason = error === undefined ? {} : { reason: error.facts };
      this.#change({ state: ConnectionState.DISCONNECTED, ...reason });
    }
    this.#onStopped(error);
  }

  #change(change: ConnectionStateChangedEvent): void {
    this.#state = change.state;
    this.#emitter.emit("connection_state_changed", change);
  }

  #sleep(delay: number, operation: Operation): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = this.#settings.platform.schedule(resolve, delay);
    operation.onAbort(reject);
    return promise.finally(() => {
      cancel();
      operation.offAbort(reject);
    });
  }
}

function asClientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  return new ConnectionError(`Connecting failed: ${messageOf(error)}`, { cause: error });
}

const LOOK_FOR_PROXY = "look for a proxy that blocks WebSockets.";

/** The error for a WebSocket that could not be opened; `finding` is a sentence for the facts. */
function noWebSocket(
  server: string,
  { detail, reason }: ConnectionEnd,
  finding: string,
  advice?: string,
): ConnectionError {
  // Some details are sentences, which end with a period of their own.
  const cause = (detail || reason).replace(/\.$/, "");
  const own = outOfDescriptors(cause);
  if (own !== undefined) return own;
  return reason === "foreign"
    ? new ConnectionError(
      `${server} is not a Roomz server: ${cause}.`,
      {
        advice: "Check the URL and its port.",
      },
    )
    : new ConnectionError(`No WebSocket connection to ${server}: ${cause}.${finding}`, { advice });
}

/**
 * `SyncClient`: the client for programs that block, such as scripts and notebooks. An AsyncClient
 * runs in a thread of its own; each call waits for it.
 *
 * It needs `Atomics.wait` on the calling thread (Deno, Node and Bun have it), `--allow-net=HOST`, and
 * where the package is on disk and not from a registry, `--allow-read` for its folder.
 * @module
 */
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import type { Account } from "../auth/auth_api.ts";
import { ConnectionState } from "../base/connection_state.ts";
import { ConfigurationError, ConnectionError } from "../base/errors.ts";
import { EventEmitter } from "../base/event_emitter.ts";
import type { EventHandler, EventName, User } from "../base/events.ts";
import type { DisplayNameResult, SendResult } from "../base/results.ts";
import { parseServerUrl } from "../base/server_url.ts";
import { type ClientOptions, readOptions } from "../connection/options.ts";
import {
  type Calls,
  fromPlainError,
  type Notice,
  type Outcome,
  SharedIndex,
  STATES,
  type WorkerStart,
} from "./sync_protocol.ts";
import "./sync_worker.ts";

/** What `new SyncClient(url, token, options)` takes: no session cache, no logger. */
export type SyncClientOptions = Omit<ClientOptions, "sessionCacheFile" | "sessionCache" | "logger">;

/** How much longer than the worker's own bounds a call waits for the worker, milliseconds. */
const WORKER_GRACE = 5_000;

/**
 * A client whose methods block. Handlers run on the calling thread: during a blocking call, in
 * {@linkcode SyncClient.receive}, and when the event loop turns.
 *
 * A client that was forgotten does not keep the process up.
 *
 * @example Talk, and leave at the end of the block
 * ```ts
 * import { SyncClient } from "@roomz/roomz/sync";
 *
 * function hello(server: string, token: string): void {
 *   using client = SyncClient.open(server, token);
 *   client.on("message", (message) => console.log(message.user.email, message.content));
 *   client.send("Hello!");
 *   while (client.receive(1_000) > 0);
 * }
 *
 * using idle = new SyncClient("http://localhost:8000");
 * if (idle.connected) throw new Error("nobody has called connect()");
 * ```
 */
export class SyncClient implements Disposable {
  readonly #emitter = new EventEmitter();
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #serverUrl: string;
  readonly #outcomes = new Map<number, Outcome>();
  readonly #patience: number;
  readonly #ackTimeout: number;
  #nextId = 0;
  #user: User | null = null;

  /**
   * A client that is not connected yet. `sessionToken` is a magic-link token or a session JWT.
   * @throws {ConfigurationError} The URL or an option is not valid, or a permission is missing.
   */
  constructor(serverUrl: string | URL, sessionToken = "", options: SyncClientOptions = {}) {
    this.#serverUrl = parseServerUrl(serverUrl).href;
    const settings = readOptions(options);
    this.#patience = settings.connectionTimeout + WORKER_GRACE;
    this.#ackTimeout = settings.ackTimeout;

    const { port1, port2 } = new MessageChannel();
    const workerFile = import.meta.resolve("./sync_worker.ts");
    requireReadAccess(workerFile);
    const start: WorkerStart = {
      roomz: "sync client",
      port: port2,
      shared: this.#shared,
      serverUrl: this.#serverUrl,
      sessionToken,
      options,
    };
    // Through a data: URL, because a Worker of node:worker_threads takes no remote module.
    this.#worker = new Worker(
      new URL(`data:text/javascript,import ${JSON.stringify(workerFile)};`),
      { workerData: start, transferList: [port2] },
    );
    this.#worker.unref();
    this.#port = port1;
    this.#port.on("message", (notice: Notice) => this.#take(notice));
    this.#port.unref();
  }

  /**
   * A connected client, for `using`: it disconnects at the end of the block, on errors too.
   * @throws As {@linkcode SyncClient.connect} and the constructor do.
   */
  static open(
    serverUrl: string | URL,
    token?: string,
    options?: SyncClientOptions,
  ): SyncClient {
    const client = new SyncClient(serverUrl, token, options);
    try {
      client.connect();
      return client;
    } catch (error) {
      client[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether the WebSocket is connected and the session was accepted. */
  get connected(): boolean {
    return this.connectionState === ConnectionState.CONNECTED;
  }

  /** Whose session it is, as of the last call or event, or null. */
  get user(): User | null {
    return this.#user;
  }

  /** Where the connection stands at this moment. */
  get connectionState(): ConnectionState {
    const state = Atomics.load(this.#shared, SharedIndex.STATE);
    return STATES[state] ?? ConnectionState.DISCONNECTED;
  }

  /** The server's address, normalised. */
  get serverUrl(): string {
    return this.#serverUrl;
  }

  /** Calls `handler` on every `event`, after the handlers that are already there. */
  on<K extends EventName>(event: K, handler: EventHandler<K>): void {
    this.#emitter.on(event, handler);
  }

  /** Removes a handler, or all of the event's. */
  off<K extends EventName>(event: K, handler?: EventHandler<K>): void {
    this.#emitter.off(event, handler);
  }

  /**
   * Runs the handlers of the events that have come; where none has, waits for one, up to `timeout`
   * milliseconds. Gives the number of events: 0 when the time ran out.
   */
  receive(timeout = Infinity): number {
    const end = performance.now() + timeout;
    for (;;) {
      const seen = Atomics.load(this.#shared, SharedIndex.NOTICES);
      const handled = this.#drain();
      if (handled > 0) return handled;
      const left = end - performance.now();
      if (left <= 0) return 0;
      Atomics.wait(this.#shared, SharedIndex.NOTICES, seen, left);
    }
  }

  /**
   * Asks the server to mail a magic link; true when it was sent.
   * @throws {ConnectionError} The server refused, or did not answer.
   */
  login(email: string): boolean {
    return this.#call("login", [email], this.#patience);
  }

  /**
   * Connects with `token`, the constructor's token or the session in memory, in this order.
   * @throws {AuthenticationError} No session, or the server refused the token or the session.
   * @throws {ConnectionError} The server was not reached in time, is full, or is no Roomz server.
   */
  connect(token = ""): void {
    this.#call("connect", [token], this.#patience);
  }

  /** Closes the connection. `connect()` works again after it. */
  disconnect(): void {
    this.#call("disconnect", [], this.#patience);
  }

  /**
   * Whose session this is, asked of the server.
   * @throws {AuthenticationError} There is no session, or the server does not accept it.
   * @throws {ConnectionError} The server did not answer.
   */
  whoami(): Account {
    return this.#call("whoami", [], this.#patience);
  }

  /**
   * Sends a message and waits for its acknowledgement, up to `timeout` milliseconds.
   * @throws {ConnectionError} Not connected, reconnecting included.
   */
  send(content: string, { timeout = this.#ackTimeout }: { timeout?: number } = {}): SendResult {
    return this.#call("send", [content, { timeout }], timeout + WORKER_GRACE);
  }

  /**
   * Sets this connection's display name, or clears it with null.
   * @throws {ConnectionError} Not connected, reconnecting included.
   */
  setDisplayName(name: string | null): DisplayNameResult {
    return this.#call("setDisplayName", [name], this.#ackTimeout + WORKER_GRACE);
  }

  /** Disconnects and ends the thread. The client cannot be used after it. */
  [Symbol.dispose](): void {
    try {
      this.disconnect();
    } finally {
      this.#port.close();
      this.#worker.terminate();
    }
  }

  #call<M extends keyof Calls>(
    method: M,
    args: Calls[M]["args"],
    patience: number,
  ): Calls[M]["result"] {
    const id = this.#nextId++;
    const end = performance.now() + patience;
    this.#port.postMessage({ id, method, args });
    for (;;) {
      const seen = Atomics.load(this.#shared, SharedIndex.NOTICES);
      this.#drain();
      const outcome = this.#outcomes.get(id);
      if (outcome !== undefined) {
        this.#outcomes.delete(id);
        if (outcome.kind === "failure") throw fromPlainError(outcome.error);
        return outcome.value;
      }
      const left = end - performance.now();
      if (left <= 0) throw new ConnectionError(`The client's thread did not answer ${method}().`);
      Atomics.wait(this.#shared, SharedIndex.NOTICES, seen, left);
    }
  }

  /** Takes what the worker has said; gives the number of events in it. */
  #drain(): number {
    let events = 0;
    for (;;) {
      const received: { message: Notice } | undefined = receiveMessageOnPort(this.#port);
      if (received === undefined) return events;
      if (received.message.kind === "event") events++;
      this.#take(received.message);
    }
  }

  #take(notice: Notice): void {
    this.#user = notice.user;
    if (notice.kind === "event") this.#emitter.emit(notice.name, notice.payload);
    else this.#outcomes.set(notice.id, notice);
  }
}

/** A thread that may not load its module would fail where nobody can hear it. */
function requireReadAccess(moduleUrl: string): void {
  if (typeof Deno === "undefined" || !moduleUrl.startsWith("file:")) return;
  const path = new URL(moduleUrl);
  if (Deno.permissions.querySync({ name: "read", path }).state === "granted") return;
  const folder = decodeURIComponent(new URL("../", path).pathname);
  throw new ConfigurationError(
    `SyncClient starts a thread from a file of this package: add --allow-read=${folder}`,
  );
}

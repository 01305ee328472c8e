/**
 * `SyncClient`: a blocking client, for scripts and notebooks. It runs an AsyncClient in a thread of its
 * own; each call waits for it.
 *
 * It needs `Atomics.wait` on the calling thread (Deno, Node and Bun have it), `--allow-net=HOST` and,
 * if the package is on disk rather than from a registry, `--allow-read` for its folder.
 *
 * @example Send a message from a script
 * ```ts
 * import { SyncClient } from "@roomz/roomz/sync";
 *
 * function notify(server: string, token: string): void {
 *   using client = SyncClient.open(server, token, { displayName: "backup" });
 *   client.send("The backup is done.");
 * }
 * ```
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
import type { DisplayNameResult, SendResult, SendTextResult } from "../base/results.ts";
import { parseServerUrl } from "../base/server_url.ts";
import { type ClientOptions, readOptions } from "../connection/options.ts";
import { splitContent } from "../protocol/split_content.ts";
import {
  type CallResult,
  type Calls,
  fromPlainError,
  type Notice,
  SharedIndex,
  STATES,
  type WorkerStart,
} from "./sync_protocol.ts";
import "./sync_worker.ts";

/** The options of `new SyncClient(url, token, options)`: no session cache, no logger. */
export type SyncClientOptions = Omit<ClientOptions, "sessionCacheFile" | "sessionCache" | "logger">;

/** How much longer than the worker's own timeouts a call waits for the worker, milliseconds. */
const WORKER_GRACE = 5_000;

/**
 * A client whose methods block. Handlers run on the calling thread: during a blocking call, in
 * {@linkcode SyncClient.receive}, and when the event loop turns.
 *
 * An unused client does not keep the process alive.
 *
 * @example Chat, and disconnect at the end of the block
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
  readonly #results = new Map<number, CallResult>();
  readonly #callTimeout: number;
  readonly #ackTimeout: number;
  #nextId = 0;
  #user: User | null = null;
  #disposed = false;

  /**
   * Creates a client; it is not connected yet. `sessionToken` is a magic-link token or a session JWT.
   * @throws {ConfigurationError} The URL or an option is invalid, or a permission is missing.
   */
  constructor(serverUrl: string | URL, sessionToken = "", options: SyncClientOptions = {}) {
    this.#serverUrl = parseServerUrl(serverUrl).href;
    const settings = readOptions(options);
    this.#callTimeout = settings.connectionTimeout + WORKER_GRACE;
    this.#ackTimeout = settings.ackTimeout;

    const { port1, port2 } = new MessageChannel();
    const workerFile = workerFileNextTo(import.meta.url);
    requireReadAccess(workerFile);
    const start: WorkerStart = {
      roomz: "sync client",
      port: port2,
      shared: this.#shared,
      serverUrl: this.#serverUrl,
      sessionToken,
      options,
    };
    // Through a data: URL, because a Worker of node:worker_threads cannot load a remote module.
    this.#worker = new Worker(
      new URL(`data:text/javascript,import ${JSON.stringify(workerFile)};`),
      { workerData: start, transferList: [port2] },
    );
    this.#worker.unref();
    this.#port = port1;
    this.#port.on("message", (notice: Notice) => this.#process(notice));
    this.#port.unref();
  }

  /**
   * Creates a client and connects it, for `using`: it disconnects at the end of the block, even
   * after an error.
   * @throws The same errors as {@linkcode SyncClient.connect} and the constructor.
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

  /** The session's user as of the last call or event, or null. */
  get user(): User | null {
    return this.#user;
  }

  /** The state of the connection at this moment. */
  get connectionState(): ConnectionState {
    const state = Atomics.load(this.#shared, SharedIndex.STATE);
    return STATES[state] ?? ConnectionState.DISCONNECTED;
  }

  /** The server's URL, normalised: `http` or `https`, without a trailing slash. */
  get serverUrl(): string {
    return this.#serverUrl;
  }

  /** Registers a handler, which is called after those that are already registered. */
  on<K extends EventName>(event: K, handler: EventHandler<K>): void {
    this.#emitter.on(event, handler);
  }

  /** Removes a handler, or all handlers of the event. */
  off<K extends EventName>(event: K, handler?: EventHandler<K>): void {
    this.#emitter.off(event, handler);
  }

  /**
   * Runs the handlers of the events that have arrived; if there are none, waits for one, up to
   * `timeout` milliseconds. Returns the number of events: 0 if the time ran out.
   */
  receive(timeout = Infinity): number {
    const end = performance.now() + timeout;
    for (;;) {
      const seen = Atomics.load(this.#shared, SharedIndex.NOTICES);
      const handled = this.#drain();
      if (handled > 0) return handled;
      const left = end - performance.now();
      if (left <= 0 || this.#disposed) return 0;
      Atomics.wait(this.#shared, SharedIndex.NOTICES, seen, left);
    }
  }

  /**
   * Asks the server to mail a magic link; returns true.
   * @throws {ConnectionError} The server refused, or did not answer.
   */
  login(email: string): boolean {
    return this.#call("login", [email], this.#callTimeout);
  }

  /**
   * Connects with `token`, the constructor's token or the session in memory, in this order.
   * @throws {AuthenticationError} There is no session, or the server refused the token or session.
   * @throws {ConnectionError} The server was not reached in time, is full, or is not a Roomz server.
   */
  connect(token = ""): void {
    this.#call("connect", [token], this.#callTimeout);
  }

  /** Disconnects. `connect()` may be called again afterwards. */
  disconnect(): void {
    this.#call("disconnect", [], this.#callTimeout);
  }

  /**
   * Asks the server whose session this is.
   * @throws {AuthenticationError} There is no session, or the server does not accept it.
   * @throws {ConnectionError} The server did not answer.
   */
  whoami(): Account {
    return this.#call("whoami", [], this.#callTimeout);
  }

  /**
   * Sends a message and waits for its acknowledgement, up to `timeout` milliseconds.
   * @throws {ConnectionError} The client is not connected, or is reconnecting.
   */
  send(content: string, { timeout = this.#ackTimeout }: { timeout?: number } = {}): SendResult {
    return this.#call("send", [content, { timeout }], timeout + WORKER_GRACE);
  }

  /**
   * Sends a text of any length, in parts if need be; waits up to `timeout` milliseconds for each
   * acknowledgement. Stops at the first part that fails.
   * @throws {ConnectionError} The client is not connected, or is reconnecting.
   */
  sendText(
    text: string,
    { timeout = this.#ackTimeout }: { timeout?: number } = {},
  ): SendTextResult {
    const longest = Math.max(1, splitContent(text).length) * timeout;
    return this.#call("sendText", [text, { timeout }], longest + WORKER_GRACE);
  }

  /**
   * Sets this connection's display name, or clears it with null.
   * @throws {ConnectionError} The client is not connected, or is reconnecting.
   */
  setDisplayName(name: string | null): DisplayNameResult {
    return this.#call("setDisplayName", [name], this.#ackTimeout + WORKER_GRACE);
  }

  /**
   * Disconnects and ends the thread. Afterwards every call throws a ConnectionError; disposing again does
   * nothing.
   */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    try {
      this.disconnect();
    } finally {
      this.#disposed = true;
      this.#port.close();
      this.#worker.terminate();
    }
  }

  #call<M extends keyof Calls>(
    method: M,
    args: Calls[M]["args"],
    timeout: number,
  ): Calls[M]["result"] {
    const id = this.#nextId++;
    const end = performance.now() + timeout;
    this.#port.postMessage({ id, method, args });
    for (;;) {
      const seen = Atomics.load(this.#shared, SharedIndex.NOTICES);
      this.#drain();
      const result = this.#results.get(id);
      if (result !== undefined) {
        this.#results.delete(id);
        if (result.kind === "failure") throw fromPlainError(result.error);
        return result.value;
      }
      // Before this call, or by a handler that was called just now.
      if (this.#disposed) {
        throw new ConnectionError("The client has been disposed.", { advice: "Create a new one." });
      }
      const left = end - performance.now();
      if (left <= 0) throw new ConnectionError(`The client's thread did not answer ${method}().`);
      Atomics.wait(this.#shared, SharedIndex.NOTICES, seen, left);
    }
  }

  /** Processes all notices from the worker; returns the number of events among them. */
  #drain(): number {
    let events = 0;
    for (;;) {
      const received: { message: Notice } | undefined = receiveMessageOnPort(this.#port);
      if (received === undefined) return events;
      if (received.message.kind === "event") events++;
      this.#process(received.message);
    }
  }

  #process(notice: Notice): void {
    this.#user = notice.user;
    if (notice.kind === "event") this.#emitter.emit(notice.name, notice.payload);
    else this.#results.set(notice.id, notice);
  }
}

/**
 * The thread's module. JSR's package for npm has this file as JavaScript, beside the TypeScript that Node
 * does not run in node_modules; imports lead to it, but no other path is rewritten.
 */
function workerFileNextTo(moduleUrl: string): string {
  const extension = new URL(moduleUrl).pathname.endsWith(".js") ? "js" : "ts";
  return new URL(`./sync_worker.${extension}`, moduleUrl).href;
}

/** Without read access the thread could not load its module, and would fail silently. */
function requireReadAccess(moduleUrl: string): void {
  if (typeof Deno === "undefined" || !moduleUrl.startsWith("file:")) return;
  const path = new URL(moduleUrl);
  if (Deno.permissions.querySync({ name: "read", path }).state === "granted") return;
  const folder = decodeURIComponent(new URL("../", path).pathname);
  throw new ConfigurationError(
    `SyncClient starts a thread from a file of this package. Add --allow-read=${folder}`,
  );
}

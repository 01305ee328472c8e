/**
 * A simulated Roomz server, and the clients of processes that connect to it over a simulated network.
 * @module
 */
import type { BotClient } from "@roomz/roomz/bot";
import {
  AuthenticationError,
  ConnectionError,
  type ConnectionState,
  type DisplayNameResult,
  type EventHandler,
  type EventMap,
  type EventName,
  type Message,
  type SendResult,
  type User,
} from "@roomz/roomz/client";
import type { Random } from "./random.ts";
import { EPOCH, type VirtualProcess } from "./virtual_process.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** How long both ends take to notice that nothing arrives any more, milliseconds; the service's is 45 s. */
const HEARTBEAT_LIMIT = 8_000;
/** How often they look. */
const WATCH_TIME = 500;
/** After a renewal of its lease, others know how late a host has received what it has not claimed yet. */
const RENEWAL_TIME = 1_000;
const ACK_LIMIT = 1_000;
const CONNECT_LIMIT = 3_000;

/** A message that someone said in an account's room. */
export interface Said {
  readonly id: string;
  readonly account: string;
  readonly content: string;
  /** The process that said it; undefined for a person. */
  readonly by: VirtualProcess | undefined;
  /** True time, milliseconds. */
  readonly at: number;
  /** The server's time, milliseconds since 1970. */
  readonly timestamp: number;
  /** The processes to whose program it was delivered. */
  readonly receivers: Set<VirtualProcess>;
  /**
   * It was under way to a process, over a line that was cut, when the process closed the connection or was
   * killed, and had not noticed or not announced it: nobody can know.
   */
  lost: boolean;
}

/** What the network does to a frame. */
export interface NetworkFaults {
  /** The probability that a message is delivered twice. */
  readonly duplicates: number;
  /** The probability that an acknowledgement is lost. */
  readonly lostAcknowledgements: number;
  /** The longest time that a frame takes, milliseconds. */
  readonly latency: number;
}

/** The server. */
export class VirtualRoomz {
  /** Everything that was said, in order. */
  readonly said: Said[] = [];
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #faults: NetworkFaults;
  readonly #rooms = new Map<string, Set<Connection>>();
  readonly #unreachable = new Set<VirtualProcess>();
  readonly #revoked = new Set<string>();
  readonly #capacity: number;
  #up = true;
  #connections = 0;
  /** By how much the server's clock is wrong, milliseconds. */
  clockError = 0;

  /** A server that is up. */
  constructor(
    time: VirtualTime,
    random: Random,
    { capacity = 1_000, ...faults }: NetworkFaults & { capacity?: number },
  ) {
    this.#time = time;
    this.#random = random;
    this.#faults = faults;
    this.#capacity = capacity;
  }

  /** A client of a process for one account. */
  client(process: VirtualProcess, account: string): VirtualClient {
    return new VirtualClient(this, this.#time, process, account);
  }

  /** Whether frames between the server and a process arrive. */
  reaches(process: VirtualProcess): boolean {
    return this.#up && !this.#unreachable.has(process);
  }

  /** Whether a process has a connection for an account, as far as it knows. */
  isConnected(process: VirtualProcess, account: string): boolean {
    for (const connection of this.#rooms.get(account) ?? []) {
      if (connection.process === process) return true;
    }
    return false;
  }

  /** Cuts a process off, or ends that. */
  setReachable(process: VirtualProcess, reachable: boolean): void {
    if (reachable) this.#unreachable.delete(process);
    else this.#unreachable.add(process);
  }

  /** The server ends; everyone is disconnected. */
  stop(): void {
    this.#up = false;
    for (const room of this.#rooms.values()) for (const connection of [...room]) connection.lose();
  }

  /** The server is up again. */
  start(): void {
    this.#up = true;
  }

  /** The sessions of an account are refused from now on; its connections stay. */
  revoke(account: string): void {
    this.#revoked.add(account);
  }

  /** A person says something. */
  say(account: string, content: string): Said {
    return this.#broadcast(account, content, "phone", undefined);
  }

  /** How long a frame takes, milliseconds. */
  latency(): number {
    return 1 + this.#random.next() * this.#faults.latency;
  }

  /** Whether a fault of the network happens. */
  happens(fault: "duplicates" | "lostAcknowledgements"): boolean {
    return this.#random.chance(this.#faults[fault]);
  }

  /** See `VirtualClient.connect`; returns why it is refused. */
  join(connection: Connection): Error | undefined {
    if (this.#revoked.has(connection.account)) {
      return new AuthenticationError("The server refused the session.");
    }
    if (this.#connections >= this.#capacity) {
      return new ConnectionError("The server refused the connection: the server is full.");
    }
    this.#connections++;
    let room = this.#rooms.get(connection.account);
    if (room === undefined) this.#rooms.set(connection.account, room = new Set());
    room.add(connection);
    return undefined;
  }

  /** See `VirtualClient.disconnect`. */
  leave(connection: Connection): void {
    if (this.#rooms.get(connection.account)?.delete(connection)) this.#connections--;
  }

  /** What a client has sent arrives. */
  take(connection: Connection, content: string): Said {
    return this.#broadcast(
      connection.account,
      content,
      connection.displayName,
      connection,
    );
  }

  /** The server's time, milliseconds since 1970. */
  now(): number {
    return EPOCH + this.#time.now + this.clockError;
  }

  #broadcast(
    account: string,
    content: string,
    displayName: string | null,
    sender: Connection | undefined,
  ): Said {
    const said: Said = {
      id: `m${this.said.length}`,
      account,
      content,
      by: sender?.process,
      at: this.#time.now,
      timestamp: this.now(),
      receivers: new Set(),
      lost: false,
    };
    this.said.push(said);
    const user = { ...userOf(account), display_name: displayName };
    for (const connection of this.#rooms.get(account) ?? []) {
      const message: Message = {
        id: said.id,
        user,
        content,
        timestamp: new Date(said.timestamp).toISOString(),
        own: connection === sender,
        maybeTruncated: false,
        raw: {},
      };
      const arrive = () => {
        if (connection !== sender) said.receivers.add(connection.process);
        connection.client.emit("message", message);
      };
      connection.receive(arrive, said);
      if (this.happens("duplicates")) connection.receive(arrive, said);
    }
    return said;
  }
}

/** One connection of a client to the server. */
class Connection {
  readonly #roomz: VirtualRoomz;
  readonly #time: VirtualTime;
  readonly client: VirtualClient;
  readonly process: VirtualProcess;
  readonly account: string;
  displayName: string | null = null;
  #open = true;
  /** Frames of one connection do not overtake each other. */
  #lastArrival = 0;
  #silentSince: number | undefined;
  readonly #unsent: { readonly go: () => void; readonly said: Said | undefined }[] = [];
  /** What a cut line has let through at last. */
  #released: { readonly at: number; readonly said: readonly Said[] } = { at: 0, said: [] };

  constructor(roomz: VirtualRoomz, time: VirtualTime, client: VirtualClient) {
    this.#roomz = roomz;
    this.#time = time;
    this.client = client;
    this.process = client.process;
    this.account = client.account;
    this.#watch();
  }

  /** Whether frames can arrive. */
  get open(): boolean {
    return this.#open;
  }

  /** A frame from the server arrives, perhaps with what was said, unless the connection is lost meanwhile. */
  receive(arrive: () => void, said?: Said): void {
    this.#travel(said, () => {
      this.#lastArrival = Math.max(this.#lastArrival, this.#time.now + this.#roomz.latency());
      this.#time.after(this.#lastArrival - this.#time.now, () => {
        if (this.#open) this.process.deliver(() => this.#open && arrive());
      });
    });
  }

  /** A frame to the server arrives, even if the process is killed now: it is in the network. */
  send(arrive: () => void): void {
    this.#travel(undefined, () => {
      this.#time.after(this.#roomz.latency(), () => {
        if (this.#open && this.#roomz.reaches(this.process)) arrive();
      });
    });
  }

  /** What is sent while the network is cut is sent again once it is not, in order, as TCP does. */
  #travel(said: Said | undefined, go: () => void): void {
    if (this.#roomz.reaches(this.process) && this.#unsent.length === 0) go();
    else this.#unsent.push({ go, said });
  }

  /** It is closed before the loss of what is under way is noticed, or others know how late it came. */
  abandon(): void {
    const { at, said } = this.#released;
    for (const late of saidIn(this.#unsent)) late.lost = true;
    const heardUntil = this.process.cutOffSince ?? this.#time.now;
    const unannounced = this.process.killed && heardUntil - at < RENEWAL_TIME + WATCH_TIME;
    if (unannounced) { for (const late of said) late.lost = true; }
    this.close();
  }

  /** No frames arrive any more. */
  close(): void {
    this.#open = false;
    this.#roomz.leave(this);
  }

  /** It is lost, and its client notices. */
  lose(): void {
    if (!this.#open) return;
    this.close();
    this.process.deliver(() => this.client.lost(this));
  }

  /** Notices that nothing arrives any more, as both ends do. */
  #watch(): void {
    this.#time.after(WATCH_TIME, () => {
      if (!this.#open) return false;
      if (this.process.killed) return this.abandon();
      const silent = !this.#roomz.reaches(this.process);
      if (silent) {
        this.#silentSince ??= this.#time.now;
      } else {
        this.#silentSince = undefined;
        const unsent = this.#unsent.splice(0);
        if (unsent.length > 0) this.#released = { at: this.#time.now, said: saidIn(unsent) };
        for (const { go } of unsent) go();
      }
      const since = this.#silentSince ?? this.#time.now;
      if (this.#time.now - since > HEARTBEAT_LIMIT) return this.lose();
      this.#watch();
      // What goes out now only begins its way.
      return false;
    });
  }
}

function saidIn(unsent: readonly { readonly said: Said | undefined }[]): Said[] {
  return unsent.flatMap(({ said }) => said ?? []);
}

type Handlers = { [K in EventName]: Set<EventHandler<K>> };

/** A client as a fleet uses it: a lost connection ends it, until it is connected again. */
export class VirtualClient implements BotClient {
  readonly process: VirtualProcess;
  readonly account: string;
  displayName: string | null = null;
  connectionState: ConnectionState = "disconnected";
  readonly #roomz: VirtualRoomz;
  readonly #time: VirtualTime;
  #connection: Connection | undefined;
  readonly #pending = new Set<() => void>();
  readonly #handlers: Handlers = {
    authenticated: new Set(),
    message: new Set(),
    user_joined: new Set(),
    user_left: new Set(),
    display_name_changed: new Set(),
    disconnect: new Set(),
    connection_state_changed: new Set(),
    error: new Set(),
  };

  /** A client that is not connected. */
  constructor(roomz: VirtualRoomz, time: VirtualTime, process: VirtualProcess, account: string) {
    this.#roomz = roomz;
    this.#time = time;
    this.process = process;
    this.account = account;
  }

  get connected(): boolean {
    return this.connectionState === "connected";
  }

  get user(): User | null {
    return this.connected ? { ...userOf(this.account), display_name: this.displayName } : null;
  }

  on<K extends EventName>(event: K, handler: EventHandler<K>): void {
    this.#handlers[event].add(handler);
  }

  off<K extends EventName>(event: K, handler?: EventHandler<K>): void {
    if (handler === undefined) this.#handlers[event].clear();
    else this.#handlers[event].delete(handler);
  }

  emit<K extends EventName>(event: K, payload: EventMap[K]): void {
    if (this.process.killed) return;
    for (const handler of [...this.#handlers[event]]) handler(payload);
  }

  async connect(_token?: string, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.connected) return;
    this.#setState("connecting");
    try {
      await this.#open(signal);
    } catch (error) {
      this.#setState("disconnected");
      throw error;
    }
    this.#setState("connected");
  }

  disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.abandon();
    this.#settlePending();
    this.#setState("disconnected");
    return Promise.resolve();
  }

  send(content: string, { signal }: { signal?: AbortSignal } = {}): Promise<SendResult> {
    const connection = this.#connection;
    if (connection === undefined || !this.connected) {
      return Promise.reject(new ConnectionError("Not connected."));
    }
    if (signal?.aborted) return Promise.resolve(failed("Cancelled.", 499, "not_sent"));
    return new Promise((resolve) => {
      const end = (result: SendResult) => {
        cancel();
        this.#pending.delete(lose);
        resolve(result);
      };
      const lose = () => end(failed("The connection was lost.", 503, "unknown"));
      const cancel = this.process.schedule(
        () => end(failed("No acknowledgement.", 408, "unknown")),
        ACK_LIMIT,
      );
      this.#pending.add(lose);
      connection.send(() => {
        const { id, timestamp } = this.#roomz.take(connection, content);
        if (this.#roomz.happens("lostAcknowledgements")) return;
        connection.receive(() =>
          end({ status: "ok", message_id: id, timestamp: new Date(timestamp).toISOString() })
        );
      });
    });
  }

  setDisplayName(name: string | null): Promise<DisplayNameResult> {
    this.displayName = name;
    if (this.#connection !== undefined) this.#connection.displayName = name;
    return Promise.resolve({ status: "ok", display_name: name });
  }

  /** See `Connection.lose`. */
  lost(connection: Connection): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    this.#settlePending();
    this.#setState("disconnected", "The connection was lost.");
  }

  /** Opens a connection. */
  #open(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let settled = false;
      const end = (error?: Error) => {
        if (settled) return;
        settled = true;
        cancel();
        signal?.removeEventListener("abort", abort);
        if (error === undefined) resolve();
        else reject(error);
      };
      const abort = () => end(new DOMException("Aborted.", "AbortError"));
      const cancel = this.process.schedule(
        () => end(new ConnectionError("No answer from the server.")),
        CONNECT_LIMIT,
      );
      signal?.addEventListener("abort", abort);
      this.#time.after(this.#roomz.latency(), () => {
        if (!this.#roomz.reaches(this.process) || this.process.killed || settled) return;
        const connection = new Connection(this.#roomz, this.#time, this);
        connection.displayName = this.displayName;
        const refusal = this.#roomz.join(connection);
        this.#time.after(this.#roomz.latency(), () =>
          this.process.deliver(() => {
            if (settled || refusal !== undefined) connection.close();
            // It may have been lost since the server has accepted it.
            if (settled || refusal === undefined && !connection.open) return;
            if (refusal === undefined) this.#connection = connection;
            end(refusal);
          }));
      });
    });
  }

  #settlePending(): void {
    for (const lose of [...this.#pending]) lose();
  }

  #setState(state: ConnectionState, reason?: string): void {
    if (state === this.connectionState) return;
    this.connectionState = state;
    this.emit("connection_state_changed", { state, ...(reason === undefined ? {} : { reason }) });
    if (state === "connected") {
      const user = { ...userOf(this.account), display_name: null };
      const server_time = new Date(this.#roomz.now()).toISOString();
      this.emit("authenticated", { user, channel: user.id, server_time, raw: {} });
    }
  }
}

function userOf(account: string): { id: string; email: string } {
  return { id: account, email: account.replace("user:", "") };
}

function failed(error: string, code: number, delivery: "not_sent" | "unknown"): SendResult {
  return { error, code, delivery };
}

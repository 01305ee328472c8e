/**
 * The client of an account as its bot sees it: it receives and sends only while its host may answer.
 * @module
 */
import { EventEmitter } from "../../../client/base/event_emitter.ts";
import type {
  ConnectionState,
  DisplayNameResult,
  EventHandler,
  EventMap,
  EventName,
  Message,
  SendFailed,
  SendResult,
  User,
} from "../../../client/mod.ts";
import type { BotClient } from "../../context/bot_client.ts";
import type { HostLease } from "./host_lease.ts";

/** How many events wait while the host may not answer. */
const MAX_WAITING = 1_000;

const NO_LEASE: SendFailed = {
  error: "This host may not answer now, because its lease in the fleet's storage has run out.",
  code: 503,
  delivery: "not_sent",
};

/** The events that wait, in their order. */
const ROOM_EVENTS = ["message", "user_joined", "user_left", "display_name_changed"] as const;

type RoomEvent = {
  [K in typeof ROOM_EVENTS[number]]: { readonly name: K; readonly event: EventMap[K] };
}[typeof ROOM_EVENTS[number]];

/** An event that waits, and when it happened, by the monotonic clock. */
type Arrival = RoomEvent & { readonly at: number };

/** Something that was heard of the server: when it happened, by the server's clock and the monotonic one. */
interface Heard {
  readonly timestamp: number;
  readonly at: number;
}

/** The clocks of server and host run apart by less than this part. */
const DRIFT = 0.02;

/** Whom a client belongs to. */
export interface ClientOwner {
  /** The monotonic clock, milliseconds. */
  monotonic(): number;
  /** A message is dropped, because too many wait or because this host may never answer again. */
  dropped(message: Message): void;
  /** The connection was lost, and is not restored by the client itself. */
  lost(): void;
}

/** A client that asks the lease. It sends texts part by part, so that every part is asked for. */
export class LeasedClient implements BotClient {
  readonly #client: BotClient;
  readonly #lease: Pick<HostLease, "valid">;
  readonly #botName: string;
  readonly #owner: ClientOwner;
  readonly #emitter = new EventEmitter();
  /** Events that wait until this host may answer; undefined if none do. */
  #waiting: Arrival[] | undefined;
  #gate: "shut" | "open" | "draining" | "closed" = "shut";
  /** What was last heard of the server, and what before the connection was lost. */
  #heard: Heard | undefined;
  #heardBefore: Heard | undefined;
  #silence: number | undefined;
  #failedSends = 0;

  /**
   * The gate is shut at first: what arrives waits. The account's connection of the name `botName` on another
   * host is not listened to.
   */
  constructor(
    client: BotClient,
    lease: Pick<HostLease, "valid">,
    botName: string,
    owner: ClientOwner,
  ) {
    this.#client = client;
    this.#lease = lease;
    this.#botName = botName;
    this.#owner = owner;
    client.on("message", (event) => this.#take({ name: "message", event }));
    client.on("user_joined", (event) => this.#take({ name: "user_joined", event }));
    client.on("user_left", (event) => this.#take({ name: "user_left", event }));
    client.on("display_name_changed", (event) => {
      this.#take({ name: "display_name_changed", event });
    });
    client.on("authenticated", ({ server_time }) => {
      const timestamp = Date.parse(server_time);
      // On a new connection, a message may come before this.
      if (this.#heardBefore !== undefined) this.#silence = timestamp - this.#heardBefore.timestamp;
      this.#heard = { timestamp, at: owner.monotonic() };
    });
    client.on("connection_state_changed", (change) => {
      if (change.state !== "disconnected" || this.#gate === "closed") {
        return this.#emitter.emit("connection_state_changed", change);
      }
      this.#heardBefore = this.#heard;
      // The fleet connects again.
      this.#emitter.emit("connection_state_changed", { ...change, state: "reconnecting" });
      owner.lost();
    });
  }

  /** See `BotClient`. */
  get connected(): boolean {
    return this.#client.connected;
  }

  /** See `BotClient`. */
  get connectionState(): ConnectionState {
    const { connectionState } = this.#client;
    return connectionState === "disconnected" && this.#gate !== "closed"
      ? "reconnecting"
      : connectionState;
  }

  /** See `BotClient`. */
  get user(): User | null {
    return this.#client.user;
  }

  /** See `BotClient`. */
  get displayName(): string | null {
    return this.#client.displayName;
  }

  /** Since when the oldest event waits, by the monotonic clock; undefined if none does. */
  get waitingSince(): number | undefined {
    return this.#waiting?.[0]?.at;
  }

  /**
   * How long before the latest connect something was heard of the server, milliseconds by the server's
   * clock: a lost connection is noticed only later, and what was said in between may not have arrived.
   * Undefined before the second connect.
   */
  get silence(): number | undefined {
    return this.#silence;
  }

  /** How many sends have failed so far, for whatever reason. */
  get failedSends(): number {
    return this.#failedSends;
  }

  /** Lets the events through, those that wait first, as long as the lease is valid. */
  open(): void {
    if (this.#gate !== "shut") return;
    this.#gate = "open";
    this.restored();
  }

  /** The lease may be valid again. */
  restored(): void {
    const lease = this.#lease;
    while (this.#waiting !== undefined && this.#gate === "open" && lease.valid) {
      const next = this.#waiting.shift();
      if (this.#waiting.length === 0) this.#waiting = undefined;
      if (next !== undefined) this.#emitter.emit(next.name, next.event);
    }
  }

  /** Lets nothing through any more, while what was let through is finished: what arrives waits. */
  drain(): void {
    if (this.#gate !== "closed") this.#gate = "draining";
  }

  /**
   * Shuts the gate for ever. Of what waits, messages that were said before `until`, by the monotonic clock,
   * are reported as dropped.
   */
  close(until: number): void {
    this.#gate = "closed";
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const event of waiting ?? []) if (event.at < until) this.#drop(event);
  }

  /** See `BotClient`. */
  connect(token?: string, options?: { signal?: AbortSignal }): Promise<void> {
    return this.#client.connect(token, options);
  }

  /** See `BotClient`. */
  disconnect(): Promise<void> {
    return this.#client.disconnect();
  }

  /** See `BotClient`. */
  on<K extends EventName>(event: K, handler: EventHandler<K>): void {
    if (isOwn(event)) this.#emitter.on(event, handler);
    else this.#client.on(event, handler);
  }

  /** See `BotClient`. */
  off<K extends EventName>(event: K, handler?: EventHandler<K>): void {
    if (isOwn(event)) this.#emitter.off(event, handler);
    else this.#client.off(event, handler);
  }

  /** See `BotClient`. */
  async send(
    content: string,
    options?: { signal?: AbortSignal; timeout?: number },
  ): Promise<SendResult> {
    const [client, lease] = [this.#client, this.#lease];
    if (this.#gate !== "open" && this.#gate !== "draining" || !lease.valid) {
      this.#failedSends++;
      return NO_LEASE;
    }
    try {
      const result = await client.send(content, options);
      if (result.status !== "ok") this.#failedSends++;
      return result;
    } catch (error) {
      this.#failedSends++;
      throw error;
    }
  }

  /** See `BotClient`. */
  sessionExpiry(): Promise<Date | null> {
    return this.#client.sessionExpiry?.() ?? Promise.resolve(null);
  }

  /** See `BotClient`. */
  setDisplayName(name: string | null): Promise<DisplayNameResult> {
    return this.#client.setDisplayName(name);
  }

  #take(event: RoomEvent): void {
    const at = this.#hear(Date.parse(event.event.timestamp));
    if (this.#gate === "closed" || this.#isSiblings(event)) return;
    if (this.#gate === "open" && this.#waiting === undefined && this.#lease.valid) {
      return this.#emitter.emit(event.name, event.event);
    }
    this.#waiting ??= [];
    this.#waiting.push({ ...event, at });
    const oldest = this.#waiting.length > MAX_WAITING ? this.#waiting.shift() : undefined;
    if (oldest !== undefined) this.#drop(oldest);
  }

  /**
   * Notes an event, and returns when it happened, by the monotonic clock. It may arrive long afterwards: after
   * the network was cut for a while, what was said meanwhile comes all at once.
   */
  #hear(timestamp: number): number {
    const now = this.#owner.monotonic();
    const before = this.#heard;
    const elapsed = timestamp - (before?.timestamp ?? NaN);
    // Without an event before, or if the server's clock was set back, it has happened just now.
    const at = before !== undefined && elapsed >= 0
      ? Math.min(now, before.at + elapsed * (1 + DRIFT))
      : now;
    this.#heard = { timestamp, at };
    return at;
  }

  #drop({ name, event }: RoomEvent): void {
    if (name === "message") this.#owner.dropped(event);
  }

  /** Whether it is a message of the same account's bot on another host, during a hand-over. */
  #isSiblings({ name, event }: RoomEvent): boolean {
    return name === "message" && event.own === false &&
      event.user.display_name === this.#botName;
  }
}

/** Whether handlers of an event are this client's own; those of other events are its client's. */
function isOwn(event: EventName): boolean {
  return event === "connection_state_changed" || ROOM_EVENTS.some((name) => name === event);
}

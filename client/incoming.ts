/**
 * Decides which messages are this client's own, and hands events on in the order they came.
 *
 * Nothing in a message names its connection: a client knows its own by the `message_id` in the
 * acknowledgement, which the server sends after the broadcast. So while requests are pending, what
 * comes in waits for the answers — normally the very next frame — and for a bounded time.
 * @module
 */
import type { Acknowledgements } from "./acknowledgements.ts";
import type { Environment } from "./environment.ts";
import type { Message } from "./events.ts";
import type { UnassignedMessage } from "./payloads.ts";

/** How long a message waits to be told whose it is, milliseconds. */
export const OWN_WAIT = 1_000;

/** A server of several processes may acknowledge before it broadcasts: such ids are kept. */
const MOST_KEPT_IDS = 256;

interface Held {
  /** A message to decide on, or a function that hands on another event. */
  readonly event: UnassignedMessage | (() => void);
  /** The newest request when it came: only requests up to this one can have caused it. */
  readonly newestRequest: number;
  /** On the environment's clock. */
  readonly since: number;
}

/** The incoming events of one connection. */
export class Incoming {
  readonly #environment: Environment;
  readonly #acknowledgements: Acknowledgements;
  readonly #deliver: (message: Message) => void;
  readonly #ownIds = new Set<string>();
  #held: Held[] = [];
  /** Where in `#held` the first event stands that still waits. */
  #first = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(
    environment: Environment,
    acknowledgements: Acknowledgements,
    deliver: (message: Message) => void,
  ) {
    this.#environment = environment;
    this.#acknowledgements = acknowledgements;
    this.#deliver = deliver;
  }

  /** A message came in. */
  message(message: UnassignedMessage): void {
    if (this.#held.length === 0) {
      const isOwn = this.#ownIds.size > 0 && this.#ownIds.delete(message.id);
      if (isOwn || !this.#mayBeOwn(Infinity)) {
        message.own = isOwn;
        this.#deliver(message);
        return;
      }
    }
    this.#hold(message);
  }

  /** Another event came in: it keeps its place among the messages. */
  other(deliver: () => void): void {
    if (this.#held.length === 0) deliver();
    else this.#hold(deliver);
  }

  /** The server acknowledged the message with this id as ours. */
  acknowledged(messageId: string): void {
    const [oldest] = this.#ownIds.size >= MOST_KEPT_IDS ? this.#ownIds : [];
    if (oldest !== undefined) this.#ownIds.delete(oldest);
    this.#ownIds.add(messageId);
  }

  /** Hands on what can be decided; to be called after every answer. */
  flush(): void {
    if (this.#held.length > 0) this.#release(this.#environment.now());
  }

  /** Hands on everything that waits: the connection is gone, and no answer will come. */
  end(): void {
    this.#release(Infinity);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#ownIds.clear();
  }

  #hold(event: Held["event"]): void {
    const since = this.#environment.now();
    this.#held.push({ event, newestRequest: this.#acknowledgements.newest, since });
    this.#cancelTimer ??= this.#environment.schedule(() => this.#expire(), OWN_WAIT);
  }

  #release(now: number): void {
    // A handler may call back into this class: the state is right before each delivery.
    for (let held = this.#held[this.#first]; held; held = this.#held[this.#first]) {
      const { event } = held;
      if (typeof event === "function") {
        this.#next();
        event();
        continue;
      }
      if (this.#ownIds.delete(event.id)) event.own = true;
      else if (!this.#mayBeOwn(held.newestRequest)) event.own = false;
      else if (now - held.since < OWN_WAIT) return;
      this.#next();
      this.#deliver(event);
    }
  }

  #next(): void {
    this.#first++;
    if (this.#first < this.#held.length) return;
    this.#held = [];
    this.#first = 0;
  }

  /** Whether an answer is awaited that could name a message which came after `newestRequest`. */
  #mayBeOwn(newestRequest: number): boolean {
    const { oldest, newest } = this.#acknowledgements;
    return oldest <= Math.min(newest, newestRequest);
  }

  // The timer is not stopped when the answers come, which would cost more than letting it fire.
  #expire(): void {
    this.#cancelTimer = undefined;
    const now = this.#environment.now();
    this.#release(now);
    const waiting = this.#held[this.#first];
    if (waiting === undefined) return;
    const left = waiting.since + OWN_WAIT - now;
    this.#cancelTimer = this.#environment.schedule(() => this.#expire(), left);
  }
}

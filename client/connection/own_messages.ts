/**
 * Decides which messages are this client's own, and hands events on in the order they came.
 *
 * Nothing in a message names its connection: a client knows its own by the `message_id` in the
 * acknowledgement, which the server sends after the broadcast. So while requests are pending, what
 * comes in waits for the answers — normally the very next frame — and for a bounded time.
 * @module
 */
import type { Message } from "../base/events.ts";
import type { Platform } from "../base/platform.ts";
import type { UnassignedMessage } from "../protocol/payloads.ts";
import type { Acknowledgements } from "./acknowledgements.ts";

/** How long a message waits to be told whose it is: from one to two times this, milliseconds. */
export const OWN_WAIT = 500;

/** A server of several processes may acknowledge before it broadcasts: such ids are kept. */
const MOST_KEPT_IDS = 256;

/** A queue that never gets empty drops the events that were handed on in lots of this size. */
const MOST_HANDED_ON = 1_024;

interface Held {
  /** A message to decide on, or a function that hands on another event. */
  readonly event: UnassignedMessage | (() => void);
  /** The newest request when it came: only requests up to this one can have caused it. */
  readonly newestRequest: number;
  /** How often the timer had fired when it came: it costs less than a look at the clock. */
  readonly since: number;
}

/** The incoming events of one connection. */
export class Incoming {
  readonly #platform: Platform;
  readonly #acknowledgements: Acknowledgements;
  readonly #deliver: (message: Message) => void;
  readonly #ownIds = new Set<string>();
  readonly #held: Held[] = [];
  /** Where in `#held` the first event stands that still waits. */
  #first = 0;
  /** How often the timer has fired. */
  #ticks = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(
    platform: Platform,
    acknowledgements: Acknowledgements,
    deliver: (message: Message) => void,
  ) {
    this.#platform = platform;
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
    // Normally it is the very message that waits first.
    const first = this.#held[this.#first]?.event;
    if (typeof first === "object" && first.id === messageId) {
      first.own = true;
      return;
    }
    // Not while messages wait: the id may be that of one of them.
    const isFull = this.#held.length === 0 && this.#ownIds.size >= MOST_KEPT_IDS;
    const [oldest] = isFull ? this.#ownIds : [];
    if (oldest !== undefined) this.#ownIds.delete(oldest);
    this.#ownIds.add(messageId);
  }

  /** Hands on what can be decided; to be called after every answer. */
  flush(): void {
    this.#release(false);
  }

  /** Hands on everything that waits: the connection is gone, and no answer will come. */
  end(): void {
    this.#release(true);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#ownIds.clear();
  }

  #hold(event: Held["event"]): void {
    const newestRequest = this.#acknowledgements.newest;
    this.#held.push({ event, newestRequest, since: this.#ticks });
    this.#cancelTimer ??= this.#platform.schedule(() => this.#tick(), OWN_WAIT);
  }

  #release(all: boolean): void {
    // A handler may call back into this class: the state is right before each delivery.
    for (let held = this.#held[this.#first]; held; held = this.#held[this.#first]) {
      const { event } = held;
      if (typeof event === "function") {
        this.#next();
        event();
        continue;
      }
      if (event.own === undefined) {
        if (this.#ownIds.size > 0 && this.#ownIds.delete(event.id)) event.own = true;
        else if (!this.#mayBeOwn(held.newestRequest)) event.own = false;
        else if (!all && this.#ticks - held.since < 2) return;
      }
      this.#next();
      this.#deliver(event);
    }
  }

  #next(): void {
    this.#first++;
    if (this.#first === this.#held.length) this.#held.length = 0;
    else if (this.#first < MOST_HANDED_ON) return;
    else this.#held.splice(0, this.#first);
    this.#first = 0;
  }

  /** Whether an answer is awaited that could name a message which came after `newestRequest`. */
  #mayBeOwn(newestRequest: number): boolean {
    const { oldest, newest } = this.#acknowledgements;
    return oldest <= Math.min(newest, newestRequest);
  }

  // The timer is not stopped when the answers come, which would cost more than letting it fire.
  #tick(): void {
    this.#ticks++;
    this.#cancelTimer = undefined;
    this.#release(false);
    if (this.#held.length === 0) return;
    this.#cancelTimer = this.#platform.schedule(() => this.#tick(), OWN_WAIT);
  }
}

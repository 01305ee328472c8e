/**
 * Finds out which messages are this client's own, and delivers events in the order of their arrival.
 *
 * A message does not say which connection sent it: a client recognises its own by the `message_id`
 * in the acknowledgement, which the server sends after the broadcast. So while requests are pending,
 * incoming events wait for the acknowledgement — normally the very next frame — for a bounded time.
 * @module
 */
import type { EventEmitter } from "../base/event_emitter.ts";
import type { Platform } from "../base/platform.ts";
import type { IncomingMessage } from "../protocol/payloads.ts";
import type { Acknowledgements } from "./acknowledgements.ts";

/** How long a message waits for acknowledgements: between one and two times this, milliseconds. */
export const OWN_WAIT = 500;

/** How many accepted ids are kept: several server processes may acknowledge before they broadcast. */
const MAX_ACCEPTED_IDS = 256;

interface WaitingEvent {
  /** A message to decide on, or a function that delivers another event. */
  readonly event: IncomingMessage | (() => void);
  /** The newest request at its arrival: only requests up to this one can have caused it. */
  readonly newestRequest: number;
  /** How often the timer had fired at its arrival: cheaper than reading the clock. */
  readonly since: number;
  /** The event that arrived after it. */
  next: WaitingEvent | undefined;
}

/** The incoming events of one connection. */
export class OwnMessageCheck {
  readonly #platform: Platform;
  readonly #acknowledgements: Acknowledgements;
  readonly #emitter: EventEmitter;
  /** Made when a message is accepted whose event has not arrived. */
  #acceptedIds: Set<string> | undefined;
  /** The waiting events: a list, because an array that is emptied allocates its elements anew. */
  #first: WaitingEvent | undefined;
  #last: WaitingEvent | undefined;
  /** How often the timer has fired. */
  #ticks = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(
    platform: Platform,
    acknowledgements: Acknowledgements,
    emitter: EventEmitter,
  ) {
    this.#platform = platform;
    this.#acknowledgements = acknowledgements;
    this.#emitter = emitter;
  }

  /** Delivers a message once it is known whose it is. */
  message(message: IncomingMessage): void {
    if (this.#first === undefined) {
      const isOwn = this.#wasAccepted(message.id);
      if (isOwn || !this.#mayBeOwn(Infinity)) {
        message.own = isOwn;
        this.#emitter.emit("message", message);
        return;
      }
    }
    this.#enqueue(message);
  }

  /** Delivers another event after the messages that arrived before it. */
  otherEvent(deliver: () => void): void {
    if (this.#first === undefined) deliver();
    else this.#enqueue(deliver);
  }

  /** Records that the server accepted a message of this client, under this id. */
  accepted(messageId: string): void {
    // Normally it is the very message that waits first.
    const first = this.#first?.event;
    if (typeof first === "object" && first.id === messageId) {
      first.own = true;
      return;
    }
    // While messages are waiting nothing is dropped: the id may belong to one of them.
    const ids = this.#acceptedIds ??= new Set();
    const isFull = this.#first === undefined && ids.size >= MAX_ACCEPTED_IDS;
    const [oldest] = isFull ? ids : [];
    if (oldest !== undefined) ids.delete(oldest);
    ids.add(messageId);
  }

  /** Delivers everything that can be decided; to be called after every acknowledgement. */
  flush(): void {
    this.#release(false);
  }

  /** Delivers everything: the connection is gone, and no acknowledgement will arrive. */
  end(): void {
    this.#release(true);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#acceptedIds = undefined;
  }

  /** Whether the server has accepted this message; asked once for each. */
  #wasAccepted(messageId: string): boolean {
    const ids = this.#acceptedIds;
    return ids !== undefined && ids.size > 0 && ids.delete(messageId);
  }

  #enqueue(event: WaitingEvent["event"]): void {
    const newestRequest = this.#acknowledgements.newest;
    const waiting = { event, newestRequest, since: this.#ticks, next: undefined };
    if (this.#last === undefined) this.#first = waiting;
    else this.#last.next = waiting;
    this.#last = waiting;
    this.#cancelTimer ??= this.#platform.schedule(() => this.#tick(), OWN_WAIT);
  }

  #release(all: boolean): void {
    // A handler may call back into this object: its state is consistent before each delivery.
    for (let next = this.#first; next !== undefined; next = this.#first) {
      const { event } = next;
      if (typeof event === "function") {
        this.#dequeue();
        event();
        continue;
      }
      if (event.own === undefined) {
        if (this.#wasAccepted(event.id)) event.own = true;
        else if (!this.#mayBeOwn(next.newestRequest)) event.own = false;
        else if (!all && this.#ticks - next.since < 2) return;
      }
      this.#dequeue();
      this.#emitter.emit("message", event);
    }
  }

  #dequeue(): void {
    this.#first = this.#first?.next;
    if (this.#first === undefined) this.#last = undefined;
  }

  /** Whether a pending request may have caused a message that arrived after `newestRequest`. */
  #mayBeOwn(newestRequest: number): boolean {
    const { oldest, newest } = this.#acknowledgements;
    return oldest <= Math.min(newest, newestRequest);
  }

  // The timer is not cancelled when acknowledgements arrive: that would cost more than a tick.
  #tick(): void {
    this.#ticks++;
    this.#cancelTimer = undefined;
    this.#release(false);
    if (this.#first === undefined) return;
    this.#cancelTimer = this.#platform.schedule(() => this.#tick(), OWN_WAIT);
  }
}

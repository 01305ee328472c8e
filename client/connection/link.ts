/**
 * A connection with all that lives and ends with it: pending requests and waiting messages.
 * @module
 */
import type { EventEmitter } from "../base/event_emitter.ts";
import type { AuthenticatedEvent, EventMap, EventName } from "../base/events.ts";
import type { Platform } from "../base/platform.ts";
import {
  parseDisplayNameChanged,
  parseMessage,
  parseUserJoined,
  parseUserLeft,
} from "../protocol/payloads.ts";
import { type Acknowledgement, Acknowledgements } from "./acknowledgements.ts";
import { Connection, type ConnectionEnd } from "./connection.ts";
import { Incoming } from "./own_messages.ts";

/** Who is told what becomes of a link. After `ended` nothing more is told. */
export interface LinkListener {
  /** The session was accepted. */
  ready(event: AuthenticatedEvent): void;
  /** The connection ended by itself; it is still to be closed, which settles what is pending. */
  ended(end: ConnectionEnd): void;
  /** Something was skipped; for the log. */
  skipped(problem: string): void;
}

/** One connection and its requests. It starts to open at once. */
export class Link {
  readonly #acknowledgements: Acknowledgements;
  readonly #incoming: Incoming;
  readonly #connection: Connection;
  readonly #emitter: EventEmitter;
  readonly #listener: LinkListener;

  /** `cookie` carries the session; the channel's events go to `emitter`. */
  constructor(
    platform: Platform,
    url: string,
    cookie: string,
    emitter: EventEmitter,
    listener: LinkListener,
  ) {
    this.#emitter = emitter;
    this.#listener = listener;
    this.#acknowledgements = new Acknowledgements(platform);
    this.#incoming = new Incoming(
      platform,
      this.#acknowledgements,
      (message) => emitter.emit("message", message),
    );
    this.#connection = new Connection(platform, url, cookie, {
      ready: (event) => listener.ready(event),
      event: (name, payload) => this.#receive(name, payload),
      acknowledged: (id, args) => {
        this.#acknowledgements.answer(id, args);
        this.#incoming.flush();
      },
      ended: (end) => listener.ended(end),
      skipped: (problem) => listener.skipped(problem),
    });
  }

  /** Resolves once the socket is gone; never for a half-open one. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /**
   * Writes an event that the server answers within `timeout` milliseconds; `settle` is told how it
   * ended, and once more if the answer comes late. Gives the request's id.
   */
  request(
    name: string,
    payload: unknown,
    timeout: number,
    settle: (outcome: Acknowledgement) => void,
  ): number {
    const id = this.#acknowledgements.open(timeout, settle);
    this.#connection.request(id, name, payload);
    return id;
  }

  /** Stops waiting for a request. */
  giveUp(id: number): void {
    this.#acknowledgements.giveUp(id);
  }

  /** Tells that the server acknowledged the message with this id as ours. */
  ownMessage(id: string): void {
    this.#incoming.acknowledged(id);
  }

  /** Leaves, and settles all that is pending; resolves within a bound. */
  close(): Promise<void> {
    this.#incoming.end();
    this.#acknowledgements.loseAll();
    return this.#connection.close();
  }

  #receive(name: string, payload: unknown): void {
    switch (name) {
      case "message": {
        const message = parseMessage(payload);
        return message === undefined ? this.#skip(name) : this.#incoming.message(message);
      }
      case "user_joined":
        return this.#hand(name, parseUserJoined(payload));
      case "user_left":
        return this.#hand(name, parseUserLeft(payload));
      case "display_name_changed":
        return this.#hand(name, parseDisplayNameChanged(payload));
        // Other events are planned by the server's authors: they are let pass.
    }
  }

  #hand<K extends EventName>(name: K, payload: EventMap[K] | undefined): void {
    if (payload === undefined) this.#skip(name);
    else this.#incoming.other(() => this.#emitter.emit(name, payload));
  }

  #skip(name: string): void {
    this.#listener.skipped(`The event "${name}" has not the shape that it must have.`);
  }
}

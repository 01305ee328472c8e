/**
 * A connection to a Roomz server: a Socket.IO connection, with Roomz's events and requests.
 * @module
 */
import type { EventEmitter } from "../base/event_emitter.ts";
import type { AuthenticatedEvent, EventMap, EventName } from "../base/events.ts";
import type { Platform } from "../base/platform.ts";
import {
  acceptedMessageId,
  parseDisplayNameChanged,
  parseMessage,
  parseUserJoined,
  parseUserLeft,
} from "../protocol/payloads.ts";
import { Acknowledgements, type RequestEnd } from "./acknowledgements.ts";
import { OwnMessageCheck } from "./own_messages.ts";
import {
  type ConnectionEnd,
  type ConnectionListener,
  SocketIoConnection,
  type SocketIoListener,
} from "./socket_io_connection.ts";

/** What `new RoomzConnection(…)` takes. */
export interface RoomzConnectionParts {
  readonly platform: Platform;
  /** The URL of the WebSocket. */
  readonly url: string;
  /** Carries the session. */
  readonly cookie: string;
  /** Emits the events of the channel. */
  readonly emitter: EventEmitter;
  readonly listener: ConnectionListener;
}

/** One connection, with its pending requests and the messages that wait for them. */
export class RoomzConnection implements SocketIoListener {
  readonly #acknowledgements: Acknowledgements;
  readonly #ownMessages: OwnMessageCheck;
  readonly #connection: SocketIoConnection;
  readonly #emitter: EventEmitter;
  readonly #listener: ConnectionListener;

  /** Starts to open the connection. */
  constructor(parts: RoomzConnectionParts) {
    const { platform, emitter } = parts;
    this.#emitter = emitter;
    this.#listener = parts.listener;
    this.#acknowledgements = new Acknowledgements(platform);
    this.#ownMessages = new OwnMessageCheck(platform, this.#acknowledgements, emitter);
    const { url, cookie } = parts;
    this.#connection = new SocketIoConnection({ platform, url, cookie, listener: this });
  }

  /** Resolves once the socket is closed; never for a half-open one. */
  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  /**
   * Sends an event and waits up to `timeout` milliseconds for its acknowledgement. `settle` is called
   * once, unless the request is abandoned; `onAcknowledged` for the acknowledgement, even if late.
   * Returns the request's id.
   */
  request(
    name: string,
    payload: unknown,
    timeout: number,
    settle: (end: RequestEnd) => void,
    onAcknowledged?: (args: readonly unknown[]) => void,
  ): number {
    const id = this.#acknowledgements.open(timeout, settle, onAcknowledged);
    if (!this.#connection.send(id, name, payload)) this.#acknowledgements.refuse(id);
    return id;
  }

  /** Stops waiting for a request. */
  abandon(id: number): void {
    this.#acknowledgements.abandon(id);
  }

  /** Closes the connection within a bounded time, and settles everything that is pending. */
  close(): Promise<void> {
    this.#ownMessages.end();
    this.#acknowledgements.loseAll();
    return this.#connection.close();
  }

  /** The session was accepted. */
  ready(event: AuthenticatedEvent): void {
    this.#listener.ready(event);
  }

  /** The connection ended by itself. */
  ended(end: ConnectionEnd): void {
    this.#listener.ended(end);
  }

  /** A frame or an event was skipped. */
  skipped(problem: string): void {
    this.#listener.skipped(problem);
  }

  /** An acknowledgement arrived. */
  acknowledgement(id: number, args: readonly unknown[]): void {
    if (this.#acknowledgements.acknowledge(id, args)) {
      // Even if it is late: the message may still be waiting for it.
      const messageId = acceptedMessageId(args);
      if (messageId !== undefined) this.#ownMessages.accepted(messageId);
    }
    this.#ownMessages.flush();
  }

  /** An event arrived. */
  event(name: string, payload: unknown): void {
    switch (name) {
      case "message": {
        const message = parseMessage(payload);
        return message === undefined ? this.#skip(name) : this.#ownMessages.message(message);
      }
      case "user_joined":
        return this.#emit(name, parseUserJoined(payload));
      case "user_left":
        return this.#emit(name, parseUserLeft(payload));
      case "display_name_changed":
        return this.#emit(name, parseDisplayNameChanged(payload));
        // Unknown events are ignored: the server's authors plan to add some.
    }
  }

  #emit<K extends EventName>(name: K, payload: EventMap[K] | undefined): void {
    if (payload === undefined) this.#skip(name);
    else this.#ownMessages.otherEvent(() => this.#emitter.emit(name, payload));
  }

  #skip(name: string): void {
    this.skipped(`The event "${name}" is malformed.`);
  }
}

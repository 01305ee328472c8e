/**
 * One Socket.IO connection, from the WebSocket handshake to its end: Engine.IO's open packet and
 * heartbeat, Socket.IO's connect packet, then events and acknowledgements.
 *
 * Frames that arrive after the end are ignored. Frames that violate the protocol are skipped.
 * @module
 */
import type { AuthenticatedEvent } from "../base/events.ts";
import { isJsonObject } from "../base/json.ts";
import type { Platform } from "../base/platform.ts";
import {
  decodeEnginePacket,
  EnginePacketType,
  parseEngineHandshake,
} from "../protocol/engine_io.ts";
import { parseAuthenticated } from "../protocol/payloads.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { decodeSocketPacket, encodeEvent, SocketPacketType } from "../protocol/socket_io.ts";
import { Heartbeats, type Watched } from "./heartbeat.ts";
import { MAX_WHOLE_FRAME, PromptDelivery } from "./prompt_delivery.ts";

/** Why a connection ended, other than by `close()`. */
export interface ConnectionEnd {
  /**
   * "unreachable": the WebSocket could not be opened; "foreign": it does not speak Roomz's protocol;
   * "refused": the server rejected the session or is full; "lost": it was closed; "silent": the
   * heartbeat stopped.
   */
  readonly reason: "unreachable" | "foreign" | "refused" | "lost" | "silent";
  /** The reason in words, as far as it is known. */
  readonly detail: string;
  /** The WebSocket close code, if there was one. */
  readonly closeCode?: number;
}

/** What happens to a connection. Nothing is called after `ended`, or after `close()`. */
export interface ConnectionListener {
  /** The session was accepted; the first call. */
  ready(event: AuthenticatedEvent): void;
  /** The connection ended by itself; the owner still has to close it. */
  ended(end: ConnectionEnd): void;
  /** A frame or an event was skipped; `problem` is for the log. */
  skipped(problem: string): void;
}

/** What happens to a connection, and what arrives on it. */
export interface SocketIoListener extends ConnectionListener {
  /** An event arrived. The connection is ready. */
  event(name: string, payload: unknown): void;
  /** An acknowledgement arrived. */
  acknowledgement(id: number, args: readonly unknown[]): void;
}

/** What `new SocketIoConnection(…)` takes. */
export interface SocketIoConnectionParts {
  readonly platform: Platform;
  /** The URL of the WebSocket. */
  readonly url: string;
  /** Carries the session. */
  readonly cookie: string;
  readonly listener: SocketIoListener;
}

/** How long `close` waits for the server's part of the closing handshake, milliseconds. */
export const CLOSE_TIMEOUT = 500;

/** How many events that arrive before the connection is ready are kept; a Roomz server sends one. */
const MAX_EARLY_EVENTS = 100;

/** Before the first frame. */
const NEVER = 0;

const encoder = new TextEncoder();

type Phase = "opening" | "joining" | "ready" | "ended";

/** One connection. It starts to open immediately. */
export class SocketIoConnection implements Watched {
  readonly #platform: Platform;
  readonly #listener: SocketIoListener;
  readonly #socket: WebSocket;
  #isClosed = false;
  /** Made when something waits for it. */
  #closed: PromiseWithResolvers<void> | undefined;
  #phase: Phase = "opening";
  #joined = false;
  #authenticated: AuthenticatedEvent | undefined;
  /** Made when the first of them arrives. */
  #earlyEvents: { readonly name: string; readonly payload: unknown }[] | undefined;
  #attachmentsLeft = 0;
  readonly #heartbeats: Heartbeats;
  lastHeard = NEVER;
  silenceLimit = Infinity;
  #maxPayload = Infinity;
  /** From the first large frame on. */
  #promptDelivery: PromptDelivery | undefined;

  constructor(parts: SocketIoConnectionParts) {
    this.#platform = parts.platform;
    this.#heartbeats = Heartbeats.of(parts.platform);
    this.#listener = parts.listener;
    this.#socket = parts.platform.openSocket(parts.url, parts.cookie);
    this.#socket.binaryType = "arraybuffer";
    // Not onmessage and so on, which wrap every function in another.
    this.#socket.addEventListener("message", ({ data }) => this.#receive(data));
    this.#socket.addEventListener("error", (event) => {
      const detail = "message" in event && typeof event.message === "string" ? event.message : "";
      if (this.#phase === "opening") this.#end({ reason: "unreachable", detail });
      // Node 22 fires no close event after a handshake that failed.
      if (this.lastHeard === NEVER) this.#noteClosed();
    });
    this.#socket.addEventListener("close", ({ code, reason }) => {
      this.#noteClosed();
      this.#end({
        reason: this.#phase === "opening" ? "unreachable" : "lost",
        detail: `the connection was closed (code ${code}${reason === "" ? "" : `, ${reason}`})`,
        closeCode: code,
      });
    });
  }

  /** Resolves once the socket is closed; never for a half-open one (denoland/deno#36337). */
  get closed(): Promise<void> {
    this.#closed ??= Promise.withResolvers();
    if (this.#isClosed) this.#closed.resolve();
    return this.#closed.promise;
  }

  /**
   * Sends an event that the server acknowledges under `id`. Returns false, and sends nothing, if the
   * server would close the connection because the frame is too long.
   */
  send(id: number, name: string, payload: unknown): boolean {
    const frame = EnginePacketType.MESSAGE + encodeEvent(id, name, payload);
    // The real server counts characters, others count bytes: of which a character has up to three.
    if (frame.length * 3 > this.#maxPayload && byteLength(frame) > this.#maxPayload) return false;
    if (this.#platform.delaysLargeFrames && isLarge(frame)) {
      this.#promptDelivery ??= new PromptDelivery();
      for (const packet of this.#promptDelivery.before(id)) this.#socket.send(packet);
    }
    // A closing socket drops it: the end of the connection, which follows, settles the request.
    this.#socket.send(frame);
    return true;
  }

  /** Closes the connection, within a bounded time. The listener is not called any more. */
  async close(): Promise<void> {
    this.#release();
    let cancel = () => {};
    const timeout = new Promise<void>((resolve) => {
      cancel = this.#platform.schedule(resolve, CLOSE_TIMEOUT);
    });
    await Promise.race([this.closed, timeout]);
    cancel();
  }

  #noteClosed(): void {
    this.#isClosed = true;
    this.#closed?.resolve();
  }

  #end(end: ConnectionEnd): void {
    if (this.#phase === "ended") return;
    this.#release();
    this.#listener.ended(end);
  }

  #release(): void {
    this.#phase = "ended";
    this.#heartbeats.delete(this);
    this.#socket.close(1000);
  }

  #receive(frame: unknown): void {
    if (this.#phase === "ended") return;
    // Before it is ready, the server's time for it starts with the open packet.
    if (this.#phase === "ready") this.lastHeard = this.#heartbeats.time();
    try {
      if (typeof frame === "string") this.#receiveText(frame);
      else this.#receiveBinary();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (this.#phase === "opening") this.#end({ reason: "foreign", detail: error.message });
      else this.#listener.skipped(error.message);
    }
  }

  #receiveText(frame: string): void {
    if (frame.startsWith(EnginePacketType.MESSAGE)) return this.#receivePacket(frame);
    const { type, data } = decodeEnginePacket(frame);
    switch (type) {
      case EnginePacketType.PING:
        this.#socket.send(EnginePacketType.PONG + data);
        return;
      case EnginePacketType.OPEN:
        if (this.#phase === "opening") this.#open(data);
        return;
      case EnginePacketType.CLOSE:
        return this.#end({ reason: "lost", detail: "the server closed the connection" });
      case EnginePacketType.NOOP:
        this.#promptDelivery?.answered();
    }
  }

  #receiveBinary(): void {
    if (this.#attachmentsLeft === 0) throw new ProtocolError("Unexpected binary frame.");
    this.#attachmentsLeft--;
  }

  #open(data: string): void {
    const { pingInterval, pingTimeout, maxPayload } = parseEngineHandshake(data);
    this.#maxPayload = maxPayload;
    this.silenceLimit = pingInterval + pingTimeout;
    this.#phase = "joining";
    this.#socket.send(EnginePacketType.MESSAGE + SocketPacketType.CONNECT);
    this.#heartbeats.add(this);
  }

  /** Processes the frame of an Engine.IO message: its type, followed by a Socket.IO packet. */
  #receivePacket(frame: string): void {
    if (this.#phase === "opening") {
      throw new ProtocolError("A packet arrived before the open packet.");
    }
    if (this.#attachmentsLeft > 0) {
      this.#attachmentsLeft = 0;
      this.#listener.skipped("A binary packet is incomplete.");
    }
    const packet = decodeSocketPacket(frame, 1);
    if (packet.namespace !== "/") return;
    switch (packet.type) {
      case SocketPacketType.EVENT:
        return this.#receiveEvent(packet.data[0], packet.data[1]);
      case SocketPacketType.ACK:
        this.#promptDelivery?.acknowledged(packet.id);
        return this.#listener.acknowledgement(packet.id, packet.data);
      case SocketPacketType.CONNECT:
        this.#joined = true;
        return this.#becomeReady();
      case SocketPacketType.CONNECT_ERROR:
        if (this.#phase !== "joining") return;
        return this.#end({ reason: "refused", detail: refusalText(packet.data) });
      case SocketPacketType.DISCONNECT:
        return this.#end({ reason: "lost", detail: "the server disconnected this client" });
      case SocketPacketType.BINARY_EVENT:
      case SocketPacketType.BINARY_ACK:
        this.#attachmentsLeft = packet.attachments;
    }
  }

  #receiveEvent(name: string, payload: unknown): void {
    if (this.#phase === "ready") return this.#listener.event(name, payload);
    // The server emits `authenticated` before it answers the connect packet.
    if (name === "authenticated") {
      this.#authenticated = parseAuthenticated(payload);
      if (this.#authenticated === undefined) {
        throw new ProtocolError(`The event "${name}" is malformed.`);
      }
      return this.#becomeReady();
    }
    this.#earlyEvents ??= [];
    if (this.#earlyEvents.length < MAX_EARLY_EVENTS) this.#earlyEvents.push({ name, payload });
  }

  #becomeReady(): void {
    if (this.#phase !== "joining" || !this.#joined || this.#authenticated === undefined) return;
    this.#phase = "ready";
    this.#listener.ready(this.#authenticated);
    const events = this.#earlyEvents;
    if (events === undefined) return;
    this.#earlyEvents = undefined;
    for (const { name, payload } of events) {
      if (this.#phase === "ready") this.#listener.event(name, payload);
    }
  }

  /** The server has gone. */
  onSilence(duration: number): void {
    const seconds = (duration / 1_000).toFixed(1);
    this.#end({ reason: "silent", detail: `nothing was received for ${seconds} s` });
  }
}

function isLarge(frame: string): boolean {
  return frame.length * 3 > MAX_WHOLE_FRAME &&
    (frame.length > MAX_WHOLE_FRAME || byteLength(frame) > MAX_WHOLE_FRAME);
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

function refusalText(data: unknown): string {
  const text = isJsonObject(data) ? data.message : data;
  return typeof text === "string" ? text : "no reason given";
}

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

/** What `new SocketIoConnection(…)` takes. */
export interface SocketIoConnectionParts {
  readonly platform: Platform;
  /** The URL of the WebSocket. */
  readonly url: string;
  /** Carries the session. */
  readonly cookie: string;
  readonly listener: ConnectionListener;
  /** Called with every event once the connection is ready. */
  readonly onEvent: (name: string, payload: unknown) => void;
  /** Called with every acknowledgement. */
  readonly onAck: (id: number, args: readonly unknown[]) => void;
}

/** How long `close` waits for the server's part of the closing handshake, milliseconds. */
export const CLOSE_TIMEOUT = 500;

/**
 * All frames in a window of this many milliseconds count as received at the end of the window: reading the clock for each
 * frame would cost as much as everything else that is done for it, except parsing its JSON.
 */
const HEARD_RESOLUTION = 50;

/** How late a timer may fire before the process counts as having been suspended, milliseconds. */
const RESUME_GRACE = 100;

/** How many events that arrive before the connection is ready are kept; a Roomz server sends one. */
const MAX_EARLY_EVENTS = 100;

const encoder = new TextEncoder();

type Phase = "opening" | "joining" | "ready" | "ended";

/** One connection. It starts to open immediately. */
export class SocketIoConnection {
  readonly #platform: Platform;
  readonly #listener: ConnectionListener;
  readonly #onEvent: SocketIoConnectionParts["onEvent"];
  readonly #onAck: SocketIoConnectionParts["onAck"];
  readonly #socket: WebSocket;
  readonly #closed = Promise.withResolvers<void>();
  #phase: Phase = "opening";
  #opened = false;
  #joined = false;
  #authenticated: AuthenticatedEvent | undefined;
  /** Made when the first of them arrives. */
  #earlyEvents: { readonly name: string; readonly payload: unknown }[] | undefined;
  #attachmentsLeft = 0;
  #lastHeard = 0;
  #heardRecently = false;
  #cancelHeardTimer: (() => void) | undefined;
  #silenceLimit = Infinity;
  #maxPayload = Infinity;
  #heartbeatDue = 0;
  #cancelHeartbeat: (() => void) | undefined;
  /** From the first large frame on. */
  #promptDelivery: PromptDelivery | undefined;

  constructor(parts: SocketIoConnectionParts) {
    this.#platform = parts.platform;
    this.#listener = parts.listener;
    this.#onEvent = parts.onEvent;
    this.#onAck = parts.onAck;
    this.#socket = parts.platform.openSocket(parts.url, parts.cookie);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onmessage = (event) => this.#receive(event.data);
    this.#socket.onerror = (event) => {
      const detail = "message" in event && typeof event.message === "string" ? event.message : "";
      if (this.#phase === "opening") this.#end({ reason: "unreachable", detail });
      // Node 22 fires no close event after a handshake that failed.
      if (!this.#opened) this.#closed.resolve();
    };
    this.#socket.onopen = () => this.#opened = true;
    this.#socket.onclose = (event) => {
      this.#closed.resolve();
      const { code, reason } = event;
      this.#end({
        reason: this.#phase === "opening" ? "unreachable" : "lost",
        detail: `the connection was closed (code ${code}${reason === "" ? "" : `, ${reason}`})`,
        closeCode: code,
      });
    };
  }

  /** Resolves once the socket is closed; never for a half-open one (denoland/deno#36337). */
  get closed(): Promise<void> {
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
    await Promise.race([this.#closed.promise, timeout]);
    cancel();
  }

  #end(end: ConnectionEnd): void {
    if (this.#phase === "ended") return;
    this.#release();
    this.#listener.ended(end);
  }

  #release(): void {
    this.#phase = "ended";
    this.#cancelHeartbeat?.();
    this.#cancelHeardTimer?.();
    this.#socket.onmessage = null;
    this.#socket.close(1000);
  }

  #receive(frame: unknown): void {
    if (!this.#heardRecently) this.#noteHeard();
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
    this.#silenceLimit = pingInterval + pingTimeout;
    this.#phase = "joining";
    this.#heartbeatDue = this.#lastHeard;
    this.#checkHeartbeat();
    this.#socket.send(EnginePacketType.MESSAGE + SocketPacketType.CONNECT);
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
        return this.#onAck(packet.id, packet.data);
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
    if (this.#phase === "ready") return this.#onEvent(name, payload);
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
      if (this.#phase === "ready") this.#onEvent(name, payload);
    }
  }

  /** Notes that the server is alive, once for all frames within {@linkcode HEARD_RESOLUTION}. */
  #noteHeard(): void {
    this.#heardRecently = true;
    this.#lastHeard = this.#platform.monotonic() + HEARD_RESOLUTION;
    this.#cancelHeardTimer = this.#platform.schedule(() => {
      this.#heardRecently = false;
      this.#cancelHeardTimer = undefined; // It would keep the timer.
    }, HEARD_RESOLUTION);
  }

  /** Ends a connection on which nothing was received within pingInterval + pingTimeout. */
  #checkHeartbeat(): void {
    const now = this.#platform.monotonic();
    const silence = now - this.#lastHeard;
    const isLate = now - this.#heartbeatDue > RESUME_GRACE;
    if (silence >= this.#silenceLimit && !isLate) {
      const seconds = (silence / 1_000).toFixed(1);
      return this.#end({ reason: "silent", detail: `nothing was received for ${seconds} s` });
    }
    // If this timer itself is late, the process was stopped or the machine slept: the frames that
    // arrived meanwhile must be read first.
    const delay = Math.max(this.#silenceLimit - silence, RESUME_GRACE);
    this.#heartbeatDue = now + delay;
    this.#cancelHeartbeat = this.#platform.schedule(() => this.#checkHeartbeat(), delay);
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

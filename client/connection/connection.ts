/**
 * One WebSocket to the server, from the handshake to its end: Engine.IO's open packet and
 * heartbeat, Socket.IO's connect packet, then events and acknowledgements.
 *
 * What comes after the end is ignored. A frame that is not what the protocol allows is skipped.
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
import { decodeSocketPacket, SocketPacketType } from "../protocol/socket_io.ts";

/** Why a connection ended without being asked to. */
export interface ConnectionEnd {
  /**
   * "unreachable": no WebSocket; "foreign": a WebSocket, but not Roomz's protocol; "refused": the
   * server rejected the session or is full; "lost": it closed; "silent": no heartbeat came.
   */
  readonly reason: "unreachable" | "foreign" | "refused" | "lost" | "silent";
  /** What is known of it, in words. */
  readonly detail: string;
  /** The WebSocket close code, where one came. */
  readonly closeCode?: number;
}

/** Who is told what happens on a connection. After `ended` nothing more is told. */
export interface ConnectionListener {
  /** The session was accepted; other events follow. */
  ready(event: AuthenticatedEvent): void;
  event(name: string, payload: unknown): void;
  acknowledged(id: number, args: readonly unknown[]): void;
  ended(end: ConnectionEnd): void;
  /** A frame was skipped; for the log. */
  skipped(problem: string): void;
}

/** How long `close` waits for the server's part of the closing handshake, milliseconds. */
export const CLOSE_WAIT = 500;

/**
 * The frames of so many milliseconds count as heard at their end: reading the clock for each would
 * cost as much as all else that is done for it but the parsing of its JSON.
 */
const MOMENT = 50;

/** How late a timer may be before the process counts as having been stopped, milliseconds. */
const RESUME_GRACE = 100;

/** Events that come before the connection is ready are kept; a Roomz server sends one. */
const MOST_EARLY_EVENTS = 100;

/** Socket.IO's connect packet, to the default namespace, in an Engine.IO message. */
const CONNECT_FRAME = "40";

type Phase = "opening" | "joining" | "ready" | "ended";

/** One connection. It starts to open at once. */
export class Connection {
  readonly #platform: Platform;
  readonly #listener: ConnectionListener;
  readonly #socket: WebSocket;
  readonly #closed = Promise.withResolvers<void>();
  #phase: Phase = "opening";
  #joined = false;
  #authenticated: AuthenticatedEvent | undefined;
  #early: { readonly name: string; readonly payload: unknown }[] = [];
  #attachmentsLeft = 0;
  #lastHeard = 0;
  #justHeard = false;
  #cancelJustHeard: (() => void) | undefined;
  #silenceLimit = Infinity;
  #heartbeatDue = 0;
  #cancelHeartbeat: (() => void) | undefined;

  /** `cookie` carries the session. */
  constructor(
    platform: Platform,
    url: string,
    cookie: string,
    listener: ConnectionListener,
  ) {
    this.#platform = platform;
    this.#listener = listener;
    this.#socket = platform.openSocket(url, cookie);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onmessage = (event) => this.#receive(event.data);
    this.#socket.onerror = (event) => {
      const detail = "message" in event && typeof event.message === "string" ? event.message : "";
      if (this.#phase === "opening") this.#end({ reason: "unreachable", detail });
    };
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

  /** Resolves once the socket is gone; never for a half-open one (denoland/deno#36337). */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Writes an event that the server answers under `id`. */
  request(id: number, name: string, payload: unknown): void {
    // A socket that is closing drops it: the end that is about to be told settles the request.
    this.#socket.send(`42${id}["${name}",${JSON.stringify(payload)}]`);
  }

  /** Closes, and waits a bounded time. Tells the listener nothing. */
  async close(): Promise<void> {
    this.#release();
    let cancel = () => {};
    const bound = new Promise<void>((resolve) => {
      cancel = this.#platform.schedule(resolve, CLOSE_WAIT);
    });
    await Promise.race([this.#closed.promise, bound]);
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
    this.#cancelJustHeard?.();
    this.#socket.onmessage = null;
    this.#socket.close(1000);
  }

  #receive(frame: unknown): void {
    if (!this.#justHeard) this.#hear();
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
    }
  }

  #receiveBinary(): void {
    if (this.#attachmentsLeft === 0) throw new ProtocolError("A binary frame came unannounced.");
    this.#attachmentsLeft--;
  }

  #open(data: string): void {
    const { pingInterval, pingTimeout } = parseEngineHandshake(data);
    this.#silenceLimit = pingInterval + pingTimeout;
    this.#phase = "joining";
    this.#heartbeatDue = this.#lastHeard;
    this.#watchHeartbeat();
    this.#socket.send(CONNECT_FRAME);
  }

  /** The frame of an Engine.IO message: behind its type stands a Socket.IO packet. */
  #receivePacket(frame: string): void {
    if (this.#phase === "opening") throw new ProtocolError("A packet came before the open one.");
    if (this.#attachmentsLeft > 0) {
      this.#attachmentsLeft = 0;
      this.#listener.skipped("A binary packet was not completed.");
    }
    const packet = decodeSocketPacket(frame, 1);
    if (packet.namespace !== "/") return;
    switch (packet.type) {
      case SocketPacketType.EVENT:
        return this.#receiveEvent(packet.data[0], packet.data[1]);
      case SocketPacketType.ACK:
        return this.#listener.acknowledged(packet.id, packet.data);
      case SocketPacketType.CONNECT:
        this.#joined = true;
        return this.#becomeReady();
      case SocketPacketType.CONNECT_ERROR:
        if (this.#phase !== "joining") return;
        return this.#end({ reason: "refused", detail: refusalText(packet.data) });
      case SocketPacketType.DISCONNECT:
        return this.#end({ reason: "lost", detail: "the server ended the session's connection" });
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
      if (this.#authenticated === undefined) throw new ProtocolError("Bad authenticated event.");
      return this.#becomeReady();
    }
    if (this.#early.length < MOST_EARLY_EVENTS) this.#early.push({ name, payload });
  }

  #becomeReady(): void {
    if (this.#phase !== "joining" || !this.#joined || this.#authenticated === undefined) return;
    this.#phase = "ready";
    this.#listener.ready(this.#authenticated);
    const early = this.#early;
    this.#early = [];
    for (const { name, payload } of early) {
      if (this.#phase === "ready") this.#listener.event(name, payload);
    }
  }

  /** Notes a sign of life, once for all frames of a moment. */
  #hear(): void {
    this.#justHeard = true;
    this.#lastHeard = this.#platform.monotonic() + MOMENT;
    this.#cancelJustHeard = this.#platform.schedule(() => this.#justHeard = false, MOMENT);
  }

  /** Nothing heard within pingInterval + pingTimeout: the connection is dead. */
  #watchHeartbeat(): void {
    const now = this.#platform.monotonic();
    const silent = now - this.#lastHeard;
    const late = now - this.#heartbeatDue > RESUME_GRACE;
    if (silent >= this.#silenceLimit && !late) {
      const seconds = (silent / 1_000).toFixed(1);
      return this.#end({ reason: "silent", detail: `nothing was heard for ${seconds} s` });
    }
    // Where this timer itself is late, the process was stopped or the machine slept: frames that
    // came meanwhile are read before the verdict.
    const wait = Math.max(this.#silenceLimit - silent, RESUME_GRACE);
    this.#heartbeatDue = now + wait;
    this.#cancelHeartbeat = this.#platform.schedule(() => this.#watchHeartbeat(), wait);
  }
}

function refusalText(data: unknown): string {
  const text = isJsonObject(data) ? data.message : data;
  return typeof text === "string" ? text : "no reason given";
}

/**
 * An Engine.IO v4 connection, compatible with the service's python-engineio: packets, heartbeat, and
 * the upgrade from long polling to a WebSocket.
 * @module
 */
// @ts-types="npm:@types/ws@8.18.1"
import type { RawData, WebSocket } from "ws";
import { codePointCount } from "../base/python_text.ts";

/** Heartbeat and limits, in milliseconds and characters. */
export interface EngineSettings {
  readonly pingInterval: number;
  readonly pingTimeout: number;
  /** The longest frame, in characters, and the longest body of a request, in bytes. */
  readonly maxPayload: number;
}

/** Handles the events of connections. */
export interface EngineEvents {
  /** Called with each message: text, or the bytes of an attachment. */
  message(connection: EngineConnection, data: string | Uint8Array): void;
  /** Called when the client has left. Packets can be sent to it during the call, but not afterwards. */
  leave(connection: EngineConnection): void;
}

/** The effect of a packet from a client. */
type Outcome = "handled" | "ignored" | "malformed";

/** Separates the packets in a long polling request or response. */
export const RECORD_SEPARATOR = "\x1e";
const MAX_PACKETS_PER_REQUEST = 16;
const NORMAL_CLOSURE = 1000;

/** A client, on its current transport. */
export class EngineConnection {
  readonly id: string;
  /** The `Cookie` header of the request that opened it; several lines are joined with commas. */
  readonly cookies: string | undefined;
  readonly #settings: EngineSettings;
  readonly #events: EngineEvents;
  readonly #forget: () => void;
  #state: "open" | "leaving" | "closed" = "open";
  #outbox: string[] = [];
  /** Long polling requests that wait for a packet. The first one gets it. */
  readonly #polls: (() => void)[] = [];
  #webSocket: WebSocket | undefined;
  #upgrading = false;
  #awaitsPong = false;
  /** Runs until the next ping, the pong timeout, or the end of a connection that has left. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    id: string,
    cookies: string | undefined,
    settings: EngineSettings,
    events: EngineEvents,
    forget: () => void,
  ) {
    this.id = id;
    this.cookies = cookies;
    this.#settings = settings;
    this.#events = events;
    this.#forget = forget;
    this.#schedulePing();
  }

  get closed(): boolean {
    return this.#state === "closed";
  }

  /** The current transport, or "upgrading" on the way from long polling to a WebSocket. */
  get transport(): "polling" | "upgrading" | "websocket" {
    if (this.#upgrading) return "upgrading";
    return this.#webSocket === undefined ? "polling" : "websocket";
  }

  /** Sends a message. */
  send(message: string): void {
    this.enqueue(`4${message}`);
  }

  /** Sends a packet over the current transport. Packets are text: this server sends no binary data. */
  enqueue(packet: string): void {
    if (this.#state === "closed") return;
    this.#outbox.push(packet);
    if (this.#webSocket !== undefined) this.#flush(this.#webSocket);
    else this.#polls.shift()?.();
  }

  /** The packets for a long polling response; undefined if there were none in time. */
  async poll(): Promise<readonly string[] | undefined> {
    if (this.#outbox.length === 0) {
      const { pingInterval, pingTimeout } = this.#settings;
      const timer = setTimeout(() => this.end(), pingInterval + pingTimeout);
      await new Promise<void>((resolve) => this.#polls.push(resolve));
      clearTimeout(timer);
    }
    if (this.#outbox.length === 0) return undefined;
    const packets = this.#outbox;
    this.#outbox = [];
    return packets;
  }

  /** Handles the packets of a long polling request. False ends the connection. */
  receiveAll(body: string): boolean {
    if (body === "") return true;
    // JSONP posts a form.
    const payload = body.startsWith("d=") ? new URLSearchParams(body).get("d") ?? "" : body;
    const packets = payload.split(RECORD_SEPARATOR);
    if (packets.length > MAX_PACKETS_PER_REQUEST) return true;
    return packets.every((packet) => this.#receive(packet) !== "ignored");
  }

  /** Uses this WebSocket from the start. */
  attach(webSocket: WebSocket): void {
    this.#adopt(webSocket);
    webSocket.on("message", (data, isBinary) => this.#receiveFrame(webSocket, data, isBinary));
  }

  /** Upgrades from long polling to this WebSocket if its first two frames request it. */
  upgrade(webSocket: WebSocket): void {
    this.#upgrading = true;
    let probed = false;
    const abandon = () => {
      if (this.#webSocket !== webSocket) this.#upgrading = false;
    };
    webSocket.on("close", abandon);
    webSocket.on("error", abandon);
    webSocket.on("message", (data, isBinary) => {
      if (this.#webSocket === webSocket) {
        this.#receiveFrame(webSocket, data, isBinary);
      } else if (!probed && !isBinary && String(data) === "2probe") {
        probed = true;
        webSocket.send("3probe");
        // Ends a waiting request.
        this.enqueue("6");
      } else if (probed && !isBinary && String(data).startsWith("5")) {
        this.#upgrading = false;
        this.#adopt(webSocket);
        this.#flush(webSocket);
      } else {
        abandon();
        webSocket.close(NORMAL_CLOSURE);
      }
    });
  }

  /** Ends the connection; a WebSocket is closed with this code. */
  end(code: number = NORMAL_CLOSURE): void {
    this.#leave();
    this.#webSocket?.close(code);
    this.#close();
  }

  /** Cuts the connection off, as a network failure would. */
  cut(): void {
    this.#leave();
    this.#webSocket?.terminate();
    this.#close();
  }

  #adopt(webSocket: WebSocket): void {
    this.#webSocket = webSocket;
    const gone = () => {
      this.#leave();
      this.#close();
    };
    webSocket.on("close", gone);
    // An invalid frame, for instance. The WebSocket closes itself.
    webSocket.on("error", () => {});
    if (webSocket.readyState !== webSocket.OPEN) gone();
  }

  #flush(webSocket: WebSocket): void {
    const packets = this.#outbox;
    this.#outbox = [];
    for (const packet of packets) webSocket.send(packet);
  }

  #receiveFrame(webSocket: WebSocket, data: RawData, isBinary: boolean): void {
    if (this.#state === "closed") {
      // A connection gets no answers after its close packet. The service fails on a frame that requires an answer.
      if (!isBinary && String(data).startsWith("5")) webSocket.close(NORMAL_CLOSURE);
      else this.#endWhenSilent(webSocket);
      return;
    }
    if (isBinary) {
      const bytes = toBytes(data);
      if (bytes.length > this.#settings.maxPayload) this.end();
      else if (this.#state === "open") this.#events.message(this, bytes);
      return;
    }
    const text = String(data);
    const tooLong = text.length > this.#settings.maxPayload &&
      codePointCount(text) > this.#settings.maxPayload;
    if (tooLong || this.#receive(text) === "malformed") this.end();
  }

  #receive(packet: string): Outcome {
    if (this.#state !== "open") return "handled";
    switch (packet[0]) {
      case "1":
        this.#leave();
        this.#closeMute();
        return "handled";
      case "3":
        if (this.#awaitsPong) this.#schedulePing();
        return "handled";
      case "4":
        this.#events.message(this, packet.slice(1));
        return "handled";
      case "5":
        this.enqueue("6");
        return "handled";
      case "b": {
        const bytes = fromBase64(packet.slice(1));
        if (bytes === undefined) return "malformed";
        this.#events.message(this, bytes);
        return "handled";
      }
      default:
        return /^\d/.test(packet) ? "ignored" : "malformed";
    }
  }

  #schedulePing(): void {
    clearTimeout(this.#timer);
    this.#awaitsPong = false;
    this.#timer = setTimeout(() => {
      this.#awaitsPong = true;
      this.#timer = setTimeout(() => this.end(), this.#settings.pingTimeout);
      this.enqueue("2");
    }, this.#settings.pingInterval);
  }

  #leave(): void {
    if (this.#state !== "open") return;
    this.#state = "leaving";
    clearTimeout(this.#timer);
    this.#events.leave(this);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#state = "closed";
    for (const wake of this.#polls.splice(0)) wake();
    this.#forget();
  }

  /** After a close packet, the WebSocket stays open until the client closes it or goes silent. */
  #closeMute(): void {
    if (this.#webSocket === undefined) {
      this.#close();
      return;
    }
    this.#state = "closed";
    this.#endWhenSilent(this.#webSocket);
  }

  #endWhenSilent(webSocket: WebSocket): void {
    clearTimeout(this.#timer);
    const { pingInterval, pingTimeout } = this.#settings;
    this.#timer = setTimeout(() => webSocket.close(NORMAL_CLOSURE), pingInterval + pingTimeout);
  }
}

function toBytes(data: RawData): Uint8Array {
  // A list arrives only if `binaryType` is "fragments".
  return Array.isArray(data) ? new Uint8Array() : new Uint8Array(data);
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    // Not Uint8Array.fromBase64, which Node 24 does not have.
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

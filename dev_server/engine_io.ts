/**
 * Engine.IO v4 over WebSocket and long polling, as the service's python-engineio serves it.
 *
 * The npm package of the same protocol differs from it on valid input: it ignores the close packet
 * of a WebSocket, does not answer a packet `5`, and answers long polling in other words.
 * @module
 */
import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { deflateSync, gzipSync } from "node:zlib";
// @ts-types="npm:@types/ws@8.18.1"
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { dumps } from "./python_json.ts";
import { codePointCount } from "./python_text.ts";
import type { Reply } from "./reply.ts";

/** Heartbeat and limits, in milliseconds and characters. */
export interface EngineSettings {
  readonly pingInterval: number;
  readonly pingTimeout: number;
  /** The longest frame, in characters, and the longest body of a request, in bytes. */
  readonly maxPayload: number;
}

/** What happens on connections. */
export interface EngineEvents {
  /** A message came: text, or the bytes of an attachment. */
  message(connection: EngineConnection, data: string | Uint8Array): void;
  /** The client left or is gone. It may still be sent to while this runs, and no longer after it. */
  leave(connection: EngineConnection): void;
}

type Packet = string | Uint8Array;

/** What a packet of a client leads to. */
type Outcome = "handled" | "ignored" | "malformed";

const RECORD_SEPARATOR = "\x1e";
const MAX_PACKETS_PER_REQUEST = 16;
const COMPRESSION_THRESHOLD = 1024;
const NORMAL_CLOSURE = 1000;
const SERVICE_RESTART = 1012;
/** The most bytes that a character takes in UTF-8. */
const MAX_BYTES_PER_CHARACTER = 4;
const UNSUPPORTED =
  "The client is using an unsupported version of the Socket.IO or Engine.IO protocols";

/** One client, over one transport after the other. */
export class EngineConnection {
  readonly id: string;
  /** The `Cookie` header of the request that opened it; several lines are joined with commas. */
  readonly cookies: string | undefined;
  readonly #settings: EngineSettings;
  readonly #events: EngineEvents;
  readonly #forget: () => void;
  #state: "open" | "leaving" | "closed" = "open";
  #outbox: Packet[] = [];
  /** Requests that wait for a packet: the first one gets it. */
  readonly #polls: (() => void)[] = [];
  #webSocket: WebSocket | undefined;
  #upgrading = false;
  #awaitsPong = false;
  /** The next ping, the end of the wait for a pong, or the end of a connection that left. */
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

  /** Whether it has moved, or is moving, from long polling to a WebSocket. */
  get transport(): "polling" | "upgrading" | "websocket" {
    if (this.#upgrading) return "upgrading";
    return this.#webSocket === undefined ? "polling" : "websocket";
  }

  /** Sends a message: text only, because this server never sends binary data. */
  send(message: string): void {
    this.enqueue(`4${message}`);
  }

  /** Sends a packet, over whichever transport there is. */
  enqueue(packet: Packet): void {
    if (this.#state === "closed") return;
    this.#outbox.push(packet);
    if (this.#webSocket !== undefined) this.#flush(this.#webSocket);
    else this.#polls.shift()?.();
  }

  /** The packets of one answer to long polling; undefined when none came in time. */
  async poll(): Promise<readonly Packet[] | undefined> {
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

  /** Takes the packets of a request of long polling. False ends the connection. */
  receiveAll(body: string): boolean {
    if (body === "") return true;
    // What JSONP posts is a form.
    const payload = body.startsWith("d=") ? new URLSearchParams(body).get("d") ?? "" : body;
    const packets = payload.split(RECORD_SEPARATOR);
    if (packets.length > MAX_PACKETS_PER_REQUEST) return true;
    return packets.every((packet) => this.#receive(packet) !== "ignored");
  }

  /** Speaks over this WebSocket from the start. */
  attach(webSocket: WebSocket): void {
    this.#adopt(webSocket);
    webSocket.on("message", (data, isBinary) => this.#receiveFrame(webSocket, data, isBinary));
  }

  /** Moves from long polling to this WebSocket, if its first two frames ask for it. */
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
        // Ends a request that waits.
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

  /** Ends it from this side: the WebSocket is closed with this code. */
  end(code: number = NORMAL_CLOSURE): void {
    this.#leave();
    this.#webSocket?.close(code);
    this.#close();
  }

  /** Cuts it off, as a failing network would. */
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
    // What is wrong with a frame, for instance: the WebSocket closes itself.
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
      // Mute since its close packet. The service fails on a frame that it would have to answer.
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

  /** After a close packet the WebSocket stays open until the client closes it or is silent. */
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

/** The endpoint of all connections. */
export class EngineServer {
  readonly #settings: EngineSettings;
  readonly #events: EngineEvents;
  readonly #connections = new Map<string, EngineConnection>();
  readonly #webSockets: WebSocketServer;

  constructor(settings: EngineSettings, events: EngineEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // Counted in bytes, and as many as the allowed characters can take; the rest is counted here.
      maxPayload: settings.maxPayload * MAX_BYTES_PER_CHARACTER,
    });
  }

  /** Answers a request of long polling; `query` is the part of its target after the "?". */
  async answer(request: IncomingMessage, query: string): Promise<Reply> {
    const { status, headers, body } = await this.#answer(request, parseQuery(query));
    const reply = { status, headers: { ...headers, ...corsHeaders(request) }, body };
    return compressed(reply, request.headers["accept-encoding"] ?? "");
  }

  /** Answers a request for a WebSocket. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer, query: string): void {
    const parameters = parseQuery(query);
    const sid = parameters.get("sid");
    const existing = this.#open(sid);
    const isNew = sid === undefined && parameters.get("EIO") === "4";
    const canUpgrade = existing?.transport === "polling";
    if (parameters.get("transport") !== "websocket" || !(isNew || canUpgrade)) {
      refuseUpgrade(connection, "403 Forbidden");
      return;
    }
    this.#webSockets.handleUpgrade(request, connection, head, (webSocket) => {
      if (existing !== undefined) {
        existing.upgrade(webSocket);
        return;
      }
      const created = this.#create(request);
      created.attach(webSocket);
      created.enqueue(this.#openPacket(created.id, []));
    });
  }

  /** Ends every connection as a server does that stops. */
  endAll(): void {
    for (const connection of [...this.#connections.values()]) connection.end(SERVICE_RESTART);
  }

  /** Cuts every connection off, as a failing network would. */
  cutAll(): void {
    for (const connection of [...this.#connections.values()]) connection.cut();
  }

  async #answer(
    request: IncomingMessage,
    parameters: ReadonlyMap<string, string>,
  ): Promise<Reply> {
    const transport = parameters.get("transport") ?? "polling";
    const sid = parameters.get("sid");
    if (transport !== "polling" && transport !== "websocket") return refusal("Invalid transport");
    if (sid === undefined && parameters.get("EIO") !== "4") return refusal(UNSUPPORTED);
    const jsonp = parameters.get("j");
    if (jsonp !== undefined && !/^\d+$/.test(jsonp)) return refusal("Invalid JSONP index number");

    switch (request.method) {
      case "GET":
        if (sid === undefined && transport === "websocket") {
          return refusal("Invalid websocket upgrade");
        }
        return sid === undefined
          ? await this.#handshake(request, jsonp)
          : await this.#poll(sid, transport, jsonp);
      case "POST":
        return await this.#post(request, sid);
      case "OPTIONS":
        return ACCEPTED;
      default:
        return { status: 405, headers: { "content-type": "text/plain" }, body: "Method Not Found" };
    }
  }

  async #handshake(request: IncomingMessage, jsonp: string | undefined): Promise<Reply> {
    const connection = this.#create(request);
    connection.enqueue(this.#openPacket(connection.id, ["websocket"]));
    return packetsReply(await connection.poll() ?? [], jsonp);
  }

  async #poll(sid: string, transport: string, jsonp: string | undefined): Promise<Reply> {
    const connection = this.#open(sid);
    if (connection === undefined) return refusal(`Invalid session ${sid}`);
    if (connection.transport === "websocket") return refusal("Unexpected HTTP request");
    if (transport !== "polling") return refusal("Invalid transport");
    if (connection.transport === "upgrading") return packetsReply(["6"], jsonp);
    const packets = await connection.poll();
    return packets === undefined ? refusal("Bad Request") : packetsReply(packets, jsonp);
  }

  async #post(request: IncomingMessage, sid: string | undefined): Promise<Reply> {
    const connection = this.#open(sid);
    if (connection === undefined) return refusal(`Invalid session ${sid ?? "None"}`);
    if (connection.transport === "websocket") return refusal("Unexpected HTTP request");
    const body = await readBody(request, this.#settings.maxPayload);
    if (body !== undefined && connection.receiveAll(body)) return ACCEPTED;
    connection.end();
    return refusal("Bad Request");
  }

  #open(sid: string | undefined): EngineConnection | undefined {
    const connection = sid === undefined ? undefined : this.#connections.get(sid);
    return connection?.closed ? undefined : connection;
  }

  #create(request: IncomingMessage): EngineConnection {
    const id = crypto.getRandomValues(new Uint8Array(15))
      .toBase64({ alphabet: "base64url", omitPadding: true });
    const forget = () => this.#connections.delete(id);
    const cookies = joinedHeader(request, "cookie");
    const connection = new EngineConnection(id, cookies, this.#settings, this.#events, forget);
    this.#connections.set(id, connection);
    return connection;
  }

  #openPacket(sid: string, upgrades: readonly string[]): string {
    const { pingTimeout, pingInterval, maxPayload } = this.#settings;
    return `0${dumps({ sid, upgrades, pingTimeout, pingInterval, maxPayload })}`;
  }
}

/** Refuses a request for a WebSocket. */
export function refuseUpgrade(connection: Duplex, status: string): void {
  connection.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const ACCEPTED: Reply = { status: 200, headers: { "content-type": "text/plain" }, body: "OK" };

function refusal(message: string): Reply {
  return { status: 400, headers: { "content-type": "text/plain" }, body: dumps(message) };
}

function packetsReply(packets: readonly Packet[], jsonp: string | undefined): Reply {
  const payload = packets
    .map((packet) => typeof packet === "string" ? packet : `b${packet.toBase64()}`)
    .join(RECORD_SEPARATOR);
  const body = jsonp === undefined
    ? payload
    : `___eio[${Number(jsonp)}]("${payload.replaceAll('"', '\\"')}");`;
  return { status: 200, headers: { "content-type": "text/plain; charset=UTF-8" }, body };
}

function corsHeaders({ method, headers }: IncomingMessage): Reply["headers"] {
  const { origin, "access-control-request-headers": requested } = headers;
  return {
    ...(origin ? { "access-control-allow-origin": origin } : {}),
    ...(method === "OPTIONS" ? { "access-control-allow-methods": "OPTIONS, GET, POST" } : {}),
    ...(typeof requested === "string" ? { "access-control-allow-headers": requested } : {}),
    "access-control-allow-credentials": "true",
  };
}

function compressed(reply: Reply, accepted: string): Reply {
  const body = typeof reply.body === "string" ? new TextEncoder().encode(reply.body) : reply.body;
  if (body.length < COMPRESSION_THRESHOLD) return reply;
  const encoding = accepted.split(",").map((entry) => entry.split(";")[0]?.trim())
    .find((name) => name === "gzip" || name === "deflate");
  if (encoding === undefined) return reply;
  const headers = { ...reply.headers, "content-encoding": encoding };
  const packed = encoding === "gzip" ? gzipSync(body) : deflateSync(body);
  return { ...reply, headers, body: new Uint8Array(packed) };
}

/** The parameters that count: the first value of each name, and none that are empty. */
function parseQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (value !== "" && !parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** All lines of a header, joined with commas, as the service hands them to Socket.IO. */
function joinedHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  const values = rawHeaders.filter((_, index) =>
    index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name
  );
  return values.length === 0 ? undefined : values.join(",");
}

/** The body as text; undefined when it is too long. */
async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : await new Blob(chunks).text();
}

function toBytes(data: RawData): Uint8Array {
  // A list comes only to those who set `binaryType` to "fragments".
  return Array.isArray(data) ? new Uint8Array() : new Uint8Array(data);
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return undefined;
  }
}

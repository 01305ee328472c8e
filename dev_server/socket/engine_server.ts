/**
 * The Engine.IO v4 endpoint: WebSocket and long polling, compatible with the service's
 * python-engineio.
 *
 * The npm package for the protocol behaves differently on valid input: it ignores the close packet of
 * a WebSocket, does not answer a packet `5`, and its long polling responses differ.
 * @module
 */
import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { deflateSync, gzipSync } from "node:zlib";
import { base64url } from "jose";
// @ts-types="npm:@types/ws@8.18.1"
import { WebSocketServer } from "ws";
import {
  EngineConnection,
  type EngineEvents,
  type EngineSettings,
  RECORD_SEPARATOR,
} from "./engine_connection.ts";
import { dumps } from "../base/python_json.ts";
import type { Reply } from "../http/reply.ts";

const COMPRESSION_THRESHOLD = 1024;
const SERVICE_RESTART = 1012;
/** The maximum size of a character in UTF-8. */
const MAX_BYTES_PER_CHARACTER = 4;
const UNSUPPORTED =
  "The client is using an unsupported version of the Socket.IO or Engine.IO protocols";

/** Answers all Engine.IO requests, and keeps the connections. */
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
      // ws counts bytes, so it gets the most that the characters can take. Characters are counted here.
      maxPayload: settings.maxPayload * MAX_BYTES_PER_CHARACTER,
    });
  }

  /** Answers a long polling request; `query` is the part of its target after the "?". */
  async answer(request: IncomingMessage, query: string): Promise<Reply> {
    const { status, headers, body } = await this.#answer(request, parseQuery(query));
    const reply = { status, headers: { ...headers, ...corsHeaders(request) }, body };
    return compressed(reply, request.headers["accept-encoding"] ?? "");
  }

  /** Answers a WebSocket request. */
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

  /** Closes every connection, like a server that stops. */
  endAll(): void {
    for (const connection of [...this.#connections.values()]) connection.end(SERVICE_RESTART);
  }

  /** Cuts every connection off, as a network failure would. */
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
    const id = base64url.encode(crypto.getRandomValues(new Uint8Array(15)));
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

/** Refuses a WebSocket request. */
export function refuseUpgrade(connection: Duplex, status: string): void {
  connection.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const ACCEPTED: Reply = { status: 200, headers: { "content-type": "text/plain" }, body: "OK" };

function refusal(message: string): Reply {
  return { status: 400, headers: { "content-type": "text/plain" }, body: dumps(message) };
}

function packetsReply(packets: readonly string[], jsonp: string | undefined): Reply {
  const payload = packets.join(RECORD_SEPARATOR);
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

/** The query parameters: the first value of each name, without empty ones. */
function parseQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (value !== "" && !parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** All lines of a header, joined with commas, as the service passes them to Socket.IO. */
function joinedHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  const values = rawHeaders.filter((_, index) =>
    index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name
  );
  return values.length === 0 ? undefined : values.join(",");
}

/** The body as text; undefined if it is too long. */
async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : await new Blob(chunks).text();
}

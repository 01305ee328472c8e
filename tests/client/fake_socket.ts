/**
 * A WebSocket without a network: a test plays the server at its other end.
 * @module
 */
import { isJsonObject, type JsonObject, parseJson } from "../../client/json.ts";

/** Who the server takes a client for. */
export const USER = { id: "user:me@example.com", email: "me@example.com", display_name: null };

/** A moment, as the server writes it. */
export const TIMESTAMP = "2026-11-23T10:00:00.000000+00:00";

/** The payload of `authenticated`. */
export const AUTHENTICATED = { user: USER, channel: USER.id, server_time: TIMESTAMP };

/** The payload of an event `message`; `content` as on the wire, HTML-escaped. */
export function messagePayload(
  id: string,
  content = "hi",
  displayName: string | null = null,
): JsonObject {
  return { id, user: { ...USER, display_name: displayName }, content, timestamp: TIMESTAMP };
}

/** An event that the client wrote and wants acknowledged. */
export interface ClientRequest {
  readonly id: number;
  readonly name: string;
  readonly payload: JsonObject;
}

/** The client's end is a `WebSocket`; the other members are the server's end. */
export class FakeSocket extends EventTarget implements WebSocket {
  readonly CONNECTING = WebSocket.CONNECTING;
  readonly OPEN = WebSocket.OPEN;
  readonly CLOSING = WebSocket.CLOSING;
  readonly CLOSED = WebSocket.CLOSED;
  readonly bufferedAmount = 0;
  readonly extensions = "";
  readonly protocol = "";
  binaryType: BinaryType = "blob";
  onopen: WebSocket["onopen"] = null;
  onmessage: WebSocket["onmessage"] = null;
  onerror: WebSocket["onerror"] = null;
  onclose: WebSocket["onclose"] = null;
  readyState: number = WebSocket.CONNECTING;

  readonly url: string;
  /** The `Cookie` header of the handshake. */
  readonly cookie: string;
  /** The frames that the client wrote. */
  readonly sent: string[] = [];
  /** The peer is gone without a word: what is written goes nowhere, and closing never finishes. */
  halfOpen = false;

  constructor(url: string, cookie: string) {
    super();
    this.url = url;
    this.cookie = cookie;
  }

  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    if (this.readyState === WebSocket.CONNECTING) {
      throw new DOMException("Not connected yet.", "InvalidStateError");
    }
    if (typeof data !== "string") throw new TypeError("This client writes text only.");
    if (this.readyState === WebSocket.OPEN) this.sent.push(data);
  }

  close(code = 1005, reason = ""): void {
    if (this.readyState >= WebSocket.CLOSING) return;
    this.readyState = WebSocket.CLOSING;
    // Later, as on a network: whoever waits for it must really wait.
    if (!this.halfOpen) setImmediate(() => this.#finish(code, reason));
  }

  /** Whether the client still holds it for usable. */
  get live(): boolean {
    return this.readyState <= WebSocket.OPEN;
  }

  /** The WebSocket handshake succeeds. */
  open(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.(new Event("open"));
  }

  /** A frame comes in. */
  deliver(frame: string | ArrayBuffer): void {
    this.onmessage?.(new MessageEvent("message", { data: frame }));
  }

  /** A Socket.IO event comes in. */
  emit(name: string, payload: unknown): void {
    this.deliver(`42${JSON.stringify([name, payload])}`);
  }

  /** The WebSocket and Engine.IO handshakes succeed, and the client asks to join. */
  openEngine(engine: JsonObject = {}): void {
    this.open();
    const open = { sid: "s", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, ...engine };
    this.deliver(`0${JSON.stringify(open)}`);
  }

  /** The whole handshake succeeds; as the real server does, `authenticated` comes before `40`. */
  accept(engine: JsonObject = {}): void {
    this.openEngine(engine);
    this.emit("authenticated", AUTHENTICATED);
    this.deliver('40{"sid":"s"}');
  }

  /** The session is rejected, or there is no room. */
  refuse(): void {
    this.openEngine();
    this.deliver('44{"message":"Connection rejected by server"}');
  }

  /** The WebSocket handshake fails. */
  fail(message: string): void {
    this.readyState = WebSocket.CLOSING;
    this.onerror?.(new ErrorEvent("error", { message }));
    this.#finish(1006, "");
  }

  /** The server, or the network, closes the connection. */
  drop(code = 1006, reason = ""): void {
    this.#finish(code, reason);
  }

  /** The events that the client wrote and wants acknowledged, in order. */
  get requests(): ClientRequest[] {
    return this.sent.flatMap((frame) => {
      const [, id = "", data = ""] = /^42(\d+)(.*)$/s.exec(frame) ?? [];
      const event = parseJson(data);
      if (!Array.isArray(event)) return [];
      const [name, payload] = event;
      return typeof name === "string" && isJsonObject(payload)
        ? [{ id: Number(id), name, payload }]
        : [];
    });
  }

  /** Acknowledges a request. */
  answer(id: number, ack: unknown): void {
    this.deliver(`43${id}${JSON.stringify([ack])}`);
  }

  /** Acknowledges a `message`. */
  answerSent(id: number, messageId: string): void {
    this.answer(id, { status: "ok", message_id: messageId, timestamp: TIMESTAMP });
  }

  /** A message comes in; `content` as on the wire, HTML-escaped. */
  message(id: string, content?: string, displayName?: string | null): void {
    this.emit("message", messagePayload(id, content, displayName));
  }

  #finish(code: number, reason: string): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.onclose?.(new CloseEvent("close", { code, reason, wasClean: code === 1000 }));
  }
}

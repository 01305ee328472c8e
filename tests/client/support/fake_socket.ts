/**
 * A WebSocket without a network: the test plays the server at the other end.
 * @module
 */
import { isJsonObject, type JsonObject, parseJson } from "../../../client/base/json.ts";
import { type SocketPeer, VirtualSocket } from "../../../testing/virtual_socket.ts";

/** The user of the client in these tests. */
export const USER = { id: "user:me@example.com", email: "me@example.com", display_name: null };

/** A timestamp in the server's format. */
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

/** An event of the client that asks for an acknowledgement. */
export interface ClientRequest {
  readonly id: number;
  readonly name: string;
  readonly payload: JsonObject;
}

/** Records what the client sends, and answers nothing by itself. */
class SilentServer implements SocketPeer {
  readonly received: string[] = [];
  halfOpen = false;

  onFrame(_: VirtualSocket, frame: string): void {
    this.received.push(frame);
  }

  onClose(socket: VirtualSocket, code: number, reason: string): void {
    // Asynchronously, as on a network.
    if (!this.halfOpen) setImmediate(() => socket.drop(code, reason));
  }
}

/** The testing kit's socket, with the server's end for tests of the client. */
export class FakeSocket extends VirtualSocket {
  /** The `Cookie` header of the handshake. */
  readonly cookie: string;
  readonly #server: SilentServer;

  constructor(url: string, cookie: string) {
    const server = new SilentServer();
    super(url, server);
    this.#server = server;
    this.cookie = cookie;
  }

  /** The frames that the client sent. */
  get sent(): readonly string[] {
    return this.#server.received;
  }

  /** The peer has vanished: frames go nowhere, and closing never finishes. */
  set halfOpen(halfOpen: boolean) {
    this.#server.halfOpen = halfOpen;
  }

  /** The handshake fails as on Node 22, where no close event follows. */
  failWithoutClose(message = ""): void {
    this.dispatchEvent(new ErrorEvent("error", { message }));
  }

  /** Whether the client has not closed it. */
  get live(): boolean {
    return this.readyState <= WebSocket.OPEN;
  }

  /** Delivers a Socket.IO event. */
  emit(name: string, payload: unknown): void {
    this.deliver(`42${JSON.stringify([name, payload])}`);
  }

  /** Completes the WebSocket and Engine.IO handshakes; the client asks to join. */
  openEngine(engine: JsonObject = {}): void {
    this.open();
    const open = { sid: "s", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, ...engine };
    this.deliver(`0${JSON.stringify(open)}`);
  }

  /** Completes the whole handshake; as from the real server, `authenticated` comes before `40`. */
  accept(engine: JsonObject = {}): void {
    this.openEngine(engine);
    this.emit("authenticated", AUTHENTICATED);
    this.deliver('40{"sid":"s"}');
  }

  /** Rejects the session, or is full. */
  refuse(): void {
    this.openEngine();
    this.deliver('44{"message":"Connection rejected by server"}');
  }

  /** The events of the client that ask for an acknowledgement, in order. */
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

  /** Delivers a message; `content` as on the wire, HTML-escaped. */
  message(id: string, content?: string, displayName?: string | null): void {
    this.emit("message", messagePayload(id, content, displayName));
  }
}

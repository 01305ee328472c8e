/**
 * An in-memory WebSocket between a client and a simulated server.
 * @module
 */

/** The server's end. It is called synchronously, so it must respond asynchronously. */
export interface SocketPeer {
  /** The client sent a frame. */
  onFrame(socket: VirtualSocket, frame: string): void;
  /** The client started to close the socket: `drop` completes it. */
  onClose(socket: VirtualSocket, code: number, reason: string): void;
}

/** The client uses it as a `WebSocket`; `open`, `fail`, `deliver` and `drop` are for the server. */
export class VirtualSocket extends EventTarget implements WebSocket {
  /** See `WebSocket`. */
  readonly CONNECTING = WebSocket.CONNECTING;
  /** See `WebSocket`. */
  readonly OPEN = WebSocket.OPEN;
  /** See `WebSocket`. */
  readonly CLOSING = WebSocket.CLOSING;
  /** See `WebSocket`. */
  readonly CLOSED = WebSocket.CLOSED;
  /** See `WebSocket`. */
  readonly bufferedAmount = 0;
  /** See `WebSocket`. */
  readonly extensions = "";
  /** See `WebSocket`. */
  readonly protocol = "";
  /** See `WebSocket`. */
  readonly url: string;
  /** See `WebSocket`. */
  binaryType: BinaryType = "blob";
  /** See `WebSocket`. */
  readyState: number = WebSocket.CONNECTING;
  /** See `WebSocket`. */
  onopen: WebSocket["onopen"] = null;
  /** See `WebSocket`. */
  onmessage: WebSocket["onmessage"] = null;
  /** See `WebSocket`. */
  onerror: WebSocket["onerror"] = null;
  /** See `WebSocket`. */
  onclose: WebSocket["onclose"] = null;
  readonly #peer: SocketPeer;

  /** Makes a socket in the state CONNECTING, for the server to `open` or `fail`. */
  constructor(url: string, peer: SocketPeer) {
    super();
    this.url = url;
    this.#peer = peer;
  }

  /** See `WebSocket`. */
  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    if (this.readyState === WebSocket.CONNECTING) {
      throw new DOMException("Not connected yet.", "InvalidStateError");
    }
    if (typeof data !== "string") throw new TypeError("A Roomz client sends only text.");
    if (this.readyState === WebSocket.OPEN) this.#peer.onFrame(this, data);
  }

  /** See `WebSocket`. */
  close(code = 1005, reason = ""): void {
    if (this.readyState >= WebSocket.CLOSING) return;
    this.readyState = WebSocket.CLOSING;
    this.#peer.onClose(this, code, reason);
  }

  /** The handshake succeeds. */
  open(): void {
    this.readyState = WebSocket.OPEN;
    const event = new Event("open");
    this.onopen?.(event);
    this.dispatchEvent(event);
  }

  /** The handshake fails. */
  fail(message: string): void {
    this.readyState = WebSocket.CLOSING;
    const event = new ErrorEvent("error", { message });
    this.onerror?.(event);
    this.dispatchEvent(event);
    this.drop();
  }

  /** The server sends a frame. */
  deliver(frame: string | ArrayBuffer): void {
    const event = new MessageEvent("message", { data: frame });
    this.onmessage?.(event);
    this.dispatchEvent(event);
  }

  /** The connection ends. */
  drop(code = 1006, reason = ""): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    const event = new CloseEvent("close", { code, reason, wasClean: code === 1000 });
    this.onclose?.(event);
    this.dispatchEvent(event);
  }
}

/**
 * A WebSocket without a network, between the bot's client and a server in memory.
 * @module
 */

/** The server's end. */
export interface SocketPeer {
  /** The client wants a connection: `accept` or `refuse` the socket. */
  requested(socket: VirtualSocket): void;
  /** The client wrote a frame. */
  wrote(socket: VirtualSocket, frame: string): void;
  /** The client closed. */
  closed(socket: VirtualSocket): void;
}

/** The client's end is a `WebSocket`; `accept`, `refuse`, `deliver` and `drop` are the server's. */
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

  /** Asks the server for a connection; as on a network, nothing of it happens at once. */
  constructor(url: string, peer: SocketPeer) {
    super();
    this.url = url;
    this.#peer = peer;
    queueMicrotask(() => peer.requested(this));
  }

  /** Writes a frame. */
  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    if (this.readyState === WebSocket.CONNECTING) {
      throw new DOMException("Not connected yet.", "InvalidStateError");
    }
    if (typeof data !== "string") throw new TypeError("A Roomz client writes text only.");
    if (this.readyState === WebSocket.OPEN) queueMicrotask(() => this.#peer.wrote(this, data));
  }

  /** Closes. */
  close(code = 1005, reason = ""): void {
    if (this.readyState >= WebSocket.CLOSING) return;
    this.readyState = WebSocket.CLOSING;
    queueMicrotask(() => {
      this.#peer.closed(this);
      this.drop(code, reason);
    });
  }

  /** The handshake succeeds. */
  accept(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.(new Event("open"));
  }

  /** The handshake fails. */
  refuse(message: string): void {
    this.onerror?.(new ErrorEvent("error", { message }));
    this.drop(1006, "");
  }

  /** A frame comes in. */
  deliver(frame: string): void {
    this.onmessage?.(new MessageEvent("message", { data: frame }));
  }

  /** The connection ends. */
  drop(code: number, reason: string): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.onclose?.(new CloseEvent("close", { code, reason, wasClean: code === 1000 }));
  }
}

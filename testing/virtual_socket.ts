/**
 * A WebSocket without a network, between a client and a server in memory.
 * @module
 */

/** The server's end, which is told in the middle of what the client does: it answers later. */
export interface SocketPeer {
  /** The client wrote a frame. */
  wrote(socket: VirtualSocket, frame: string): void;
  /** The client closes: `drop` finishes that. */
  closes(socket: VirtualSocket, code: number, reason: string): void;
}

/** The client's end is a `WebSocket`; `open`, `fail`, `deliver` and `drop` are the server's. */
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

  /** A socket that waits for the server to `open` it or let it `fail`. */
  constructor(url: string, peer: SocketPeer) {
    super();
    this.url = url;
    this.#peer = peer;
  }

  /** Writes a frame. */
  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    if (this.readyState === WebSocket.CONNECTING) {
      throw new DOMException("Not connected yet.", "InvalidStateError");
    }
    if (typeof data !== "string") throw new TypeError("A Roomz client writes text only.");
    if (this.readyState === WebSocket.OPEN) this.#peer.wrote(this, data);
  }

  /** Closes. */
  close(code = 1005, reason = ""): void {
    if (this.readyState >= WebSocket.CLOSING) return;
    this.readyState = WebSocket.CLOSING;
    this.#peer.closes(this, code, reason);
  }

  /** The handshake succeeds. */
  open(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.(new Event("open"));
  }

  /** The handshake fails. */
  fail(message: string): void {
    this.readyState = WebSocket.CLOSING;
    this.onerror?.(new ErrorEvent("error", { message }));
    this.drop();
  }

  /** A frame comes in. */
  deliver(frame: string | ArrayBuffer): void {
    this.onmessage?.(new MessageEvent("message", { data: frame }));
  }

  /** The connection ends. */
  drop(code = 1006, reason = ""): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.onclose?.(new CloseEvent("close", { code, reason, wasClean: code === 1000 }));
  }
}

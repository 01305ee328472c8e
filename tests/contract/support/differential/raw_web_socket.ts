/**
 * A minimal WebSocket that sends the target and headers of its handshake byte for byte.
 * @module
 */
import { parseHead, writeAll } from "./raw_http.ts";

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** A WebSocket that passes its frames to a listener. */
export class RawWebSocket {
  readonly #connection: Deno.Conn;
  readonly #ended: Promise<void>;
  #closing = false;

  private constructor(
    connection: Deno.Conn,
    rest: Uint8Array<ArrayBuffer>,
    onText: (text: string) => void,
    onClose: (code: number) => void,
  ) {
    this.#connection = connection;
    this.#ended = this.#read(rest, onText).then((code) => {
      if (!this.#closing) onClose(code);
      connection.close();
    });
  }

  /** Opens a WebSocket. @returns It, or the HTTP status if the server refused. */
  static async open(
    url: string,
    target: string,
    headers: readonly (readonly [name: string, value: string])[],
    onText: (text: string) => void,
    onClose: (code: number) => void,
  ): Promise<RawWebSocket | number> {
    const { hostname, port } = new URL(url);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    connection.setNoDelay();
    const lines = [
      `GET ${target} HTTP/1.1`,
      "Host: roomz.test",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ...headers.map(([name, value]) => `${name}: ${value}`),
    ];
    await writeAll(connection, new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
    let bytes = new Uint8Array();
    for (;;) {
      const text = new TextDecoder("latin1").decode(bytes);
      const end = text.indexOf("\r\n\r\n");
      if (end !== -1) {
        const { status } = parseHead(text.slice(0, end));
        if (status === 101) {
          return new RawWebSocket(connection, bytes.slice(end + 4), onText, onClose);
        }
        connection.close();
        return status;
      }
      const more = await readMore(connection);
      if (more === undefined) throw new Error(`the handshake ended: ${JSON.stringify(text)}`);
      bytes = concat(bytes, more);
    }
  }

  /** Sends a text or binary frame. */
  async send(data: string | Uint8Array): Promise<void> {
    await (typeof data === "string"
      ? this.#write(TEXT, new TextEncoder().encode(data))
      : this.#write(BINARY, data));
  }

  /** Sends several text frames in one write. */
  async sendAll(texts: readonly string[]): Promise<void> {
    const frames = texts.map((text) => encodeFrame(TEXT, new TextEncoder().encode(text)));
    await writeAll(this.#connection, frames.reduce(concat));
  }

  /** Sends a close frame, and waits for the end. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#write(CLOSE, new Uint8Array([1000 >> 8, 1000 & 0xff])).catch(() => {});
    await this.#ended;
  }

  async #write(opcode: number, payload: Uint8Array): Promise<void> {
    await writeAll(this.#connection, encodeFrame(opcode, payload));
  }

  /** Reads frames to the end. @returns The close code; 1006 without a close frame. */
  async #read(rest: Uint8Array<ArrayBuffer>, onText: (text: string) => void): Promise<number> {
    let bytes = rest;
    const take = async (count: number): Promise<Uint8Array<ArrayBuffer> | undefined> => {
      while (bytes.length < count) {
        const more = await readMore(this.#connection);
        if (more === undefined) return undefined;
        bytes = concat(bytes, more);
      }
      const taken = bytes.slice(0, count);
      bytes = bytes.slice(count);
      return taken;
    };
    for (;;) {
      const [first = 0, second = 0] = await take(2) ?? [CLOSE, 0];
      let length = second & 0x7f;
      if (length > 125) {
        const extended = await take(length === 126 ? 2 : 8);
        length = extended?.reduce((sum, byte) => sum * 256 + byte, 0) ?? 0;
      }
      const payload = await take(length);
      if (payload === undefined) return 1006;
      switch (first & 0x0f) {
        case TEXT:
          onText(new TextDecoder().decode(payload));
          break;
        case BINARY:
          onText(`binary ${payload.toHex()}`);
          break;
        case PING:
          await this.#write(PONG, payload);
          break;
        case CLOSE: {
          const [high, low] = payload;
          if (!this.#closing) await this.#write(CLOSE, payload).catch(() => {});
          return high === undefined || low === undefined ? 1006 : high * 256 + low;
        }
      }
    }
  }
}

async function readMore(connection: Deno.Conn): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const buffer = new Uint8Array(65_536);
  const size = await connection.read(buffer).catch(() => null);
  return size === null ? undefined : buffer.slice(0, size);
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function encodeFrame(opcode: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = payload.length < 126
    ? [0x80 | payload.length]
    : payload.length < 65_536
    ? [0x80 | 126, payload.length >> 8, payload.length & 0xff]
    : [
      0x80 | 127,
      0,
      0,
      0,
      0,
      ...new Uint8Array(new Uint32Array([payload.length]).buffer).reverse(),
    ];
  // The mask is zero, so the payload is sent unchanged.
  const header = new Uint8Array([0x80 | opcode, ...length, 0, 0, 0, 0]);
  return concat(header, payload);
}

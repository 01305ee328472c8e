/**
 * A client that speaks in frames, to see exactly what the server puts on the wire.
 * @module
 */
import type { DevServer } from "@roomz/roomz/dev-server";
import { fail } from "@std/assert";

/** Longer than any answer takes: reached only when one does not come. */
const PATIENCE = 5_000;

/** A WebSocket whose frames are read one by one, in order. */
export class RawClient implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #frames: string[] = [];
  readonly #closed = Promise.withResolvers<CloseEvent>();
  #arrived: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = (event) => {
      this.#frames.push(String(event.data));
      this.#arrived();
    };
    socket.onclose = (event) => {
      this.#closed.resolve(event);
      this.#arrived();
    };
  }

  /** Opens a WebSocket with this session and does nothing more. */
  static async open(server: DevServer, session?: string): Promise<RawClient> {
    const headers = session === undefined ? {} : { cookie: `session_token=${session}` };
    return await RawClient.openWith(server, headers);
  }

  static async openWith(
    server: DevServer,
    headers: Record<string, string>,
    path = "/socket.io/?EIO=4&transport=websocket",
  ): Promise<RawClient> {
    const socket = new WebSocket(server.url.replace("http", "ws") + path, { headers });
    const client = new RawClient(socket);
    const opened = Promise.withResolvers<void>();
    socket.onopen = () => opened.resolve();
    socket.onerror = () => opened.reject(new Error("the WebSocket was refused"));
    await opened.promise;
    return client;
  }

  /** Opens one, joins the chat as this address, and reads up to the connect packet. */
  static async join(server: DevServer, email = "ada@example.com"): Promise<RawClient> {
    const client = await RawClient.open(server, await server.mintSession(email));
    client.send("40");
    await client.next();
    await client.next();
    await client.next();
    return client;
  }

  /** When the server ended the connection. */
  get closed(): Promise<CloseEvent> {
    return this.#closed.promise;
  }

  /** The frames that came and were not read. */
  get unread(): readonly string[] {
    return this.#frames;
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  sendBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes);
  }

  /** Emits an event that asks for an acknowledgement with this id. */
  emit(id: number, event: string, ...payloads: readonly unknown[]): void {
    this.send(`42${id}${JSON.stringify([event, ...payloads])}`);
  }

  /** The next frame; fails when none comes. */
  async next(): Promise<string> {
    if (this.#frames.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PATIENCE);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#frames.shift() ?? fail("no frame came");
  }

  /** The next frame's event and payload; fails when it is something else. */
  async nextEvent(): Promise<readonly [event: string, payload: Readonly<Record<string, unknown>>]> {
    const frame = await this.next();
    if (!frame.startsWith("42[")) fail(`not an event: ${frame}`);
    return JSON.parse(frame.slice(2));
  }

  /** The next frame's acknowledgement; fails when it is another one or something else. */
  async nextAck(id: number): Promise<Readonly<Record<string, unknown>>> {
    const frame = await this.next();
    if (!frame.startsWith(`43${id}[`)) fail(`not the acknowledgement ${id}: ${frame}`);
    const [ack] = JSON.parse(frame.slice(`43${id}`.length));
    return ack;
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.#closed.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

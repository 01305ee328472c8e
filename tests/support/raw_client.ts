/**
 * A client that reads and writes single frames, to check exactly what a server puts on the wire.
 * @module
 */
import { assert, assertEquals, assertStringIncludes, fail } from "@std/assert";
import { within } from "./within.ts";

/** Longer than any answer takes, milliseconds. Reached only if none comes. */
const TIMEOUT = 10_000;

type JsonObject = Readonly<Record<string, unknown>>;

/** A WebSocket whose frames are read one at a time, in order. */
export class RawClient implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #frames: string[] = [];
  readonly #closed = Promise.withResolvers<CloseEvent>();
  #wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.#frames.push(String(data));
      this.#wake();
    };
    socket.onclose = (event) => {
      this.#closed.resolve(event);
      this.#wake();
    };
  }

  /** Opens a WebSocket to the Socket.IO endpoint of the server; without a cookie if `session` is null. */
  static async open(url: string, session: string | null): Promise<RawClient> {
    const headers: Record<string, string> = session === null
      ? {}
      : { cookie: `session_token=${session}` };
    const endpoint = `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(endpoint, { headers });
    const client = new RawClient(socket);
    const opened = Promise.withResolvers<void>();
    socket.onopen = () => opened.resolve();
    socket.onerror = () => opened.reject(new Error("The server refused the WebSocket."));
    await within(TIMEOUT, "the WebSocket to open", opened.promise);
    return client;
  }

  /** How the connection ended, once it has. */
  get closed(): Promise<CloseEvent> {
    return within(TIMEOUT, "the connection to close", this.#closed.promise);
  }

  /** The frames that arrived but were not read yet. */
  get unread(): readonly string[] {
    return this.#frames;
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  sendBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes);
  }

  /** Emits an event that requests an acknowledgement with this id. */
  emit(id: number, event: string, ...payloads: readonly unknown[]): void {
    this.send(`42${id}${JSON.stringify([event, ...payloads])}`);
  }

  /** Joins the channel, and reads the frames up to the connect packet. */
  async join(): Promise<void> {
    assertStringIncludes(await this.next(), "0{");
    this.send("40");
    await this.nextPayload("authenticated");
    assertStringIncludes(await this.next(), "40{");
  }

  /** The next frame. */
  async next(): Promise<string> {
    while (this.#frames.length === 0) {
      assert(this.#socket.readyState !== WebSocket.CLOSED, "The connection is closed.");
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await within(TIMEOUT, "a frame", promise);
    }
    return this.#frames.shift() ?? fail("No frame arrived.");
  }

  /** The next frame, which must be an event without an acknowledgement. */
  async nextEvent(): Promise<readonly [event: string, payload: JsonObject]> {
    const frame = await this.next();
    assert(frame.startsWith("42["), `Not an event: ${frame}`);
    return JSON.parse(frame.slice(2));
  }

  /** The payload of the next frame, which must be this event. */
  async nextPayload(event: string): Promise<JsonObject> {
    const [actual, payload] = await this.nextEvent();
    assertEquals(actual, event);
    return payload;
  }

  /** The value in the next frame, which must be the acknowledgement with this id. */
  async nextAck(id: number): Promise<JsonObject> {
    const frame = await this.next();
    assert(frame.startsWith(`43${id}[`), `Not acknowledgement ${id}: ${frame}`);
    const values: unknown[] = JSON.parse(frame.slice(`43${id}`.length));
    assertEquals(values.length, 1);
    return Object(values[0]);
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

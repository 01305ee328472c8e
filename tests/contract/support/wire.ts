/**
 * A plain WebSocket, to see exactly which frames a server sends and in which order.
 * @module
 */
import { assertEquals, assertStringIncludes, fail } from "@std/assert";
import { within } from "./within.ts";

/** Longer than any answer takes: reached only when one does not come. */
const PATIENCE = 10_000;

type JsonObject = Readonly<Record<string, unknown>>;

/** A WebSocket whose frames are read one by one. */
export class Wire implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #frames: string[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #wake: () => void = () => {};

  /** Opens one to the server's Socket.IO endpoint; with null for a session it sends no cookie. */
  constructor(url: string, session: string | null) {
    const headers: Record<string, string> = session === null
      ? {}
      : { cookie: `session_token=${session}` };
    const endpoint = `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
    this.#socket = new WebSocket(endpoint, { headers });
    this.#socket.onmessage = ({ data }) => {
      this.#frames.push(String(data));
      this.#wake();
    };
    this.#socket.onclose = () => {
      this.#closed.resolve();
      this.#wake();
    };
  }

  /** Resolves when the server has closed it; fails where that takes too long. */
  async closed(): Promise<void> {
    await within(PATIENCE, "the server to close the connection", this.#closed.promise);
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  /** Emits an event that asks for an acknowledgement. */
  emit(id: number, event: string, ...payloads: readonly unknown[]): void {
    this.send(`42${id}${JSON.stringify([event, ...payloads])}`);
  }

  /** The next frame. */
  async next(): Promise<string> {
    while (this.#frames.length === 0) {
      if (this.#socket.readyState === WebSocket.CLOSED) fail("the connection was closed");
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await within(PATIENCE, "a frame", promise);
    }
    return this.#frames.shift() ?? fail("no frame came");
  }

  /** The payload of the next frame, which must be this event. */
  async nextEvent(name: string): Promise<JsonObject> {
    const frame = await this.next();
    assertStringIncludes(frame.slice(0, 30), `42["${name}",`);
    const [, payload] = JSON.parse(frame.slice(2));
    return payload;
  }

  /** What the next frame acknowledges this request with. */
  async nextAck(id: number): Promise<JsonObject> {
    const frame = await this.next();
    assertStringIncludes(frame.slice(0, 20), `43${id}[`);
    const args: unknown[] = JSON.parse(frame.slice(`43${id}`.length));
    assertEquals(args.length, 1);
    return Object(args[0]);
  }

  /** Joins the channel; resolves once the session was accepted. */
  async join(): Promise<void> {
    assertStringIncludes(await this.next(), "0{");
    this.send("40");
    await this.nextEvent("authenticated");
    assertStringIncludes(await this.next(), "40{");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.closed();
  }
}

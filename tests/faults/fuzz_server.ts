/**
 * A WebSocket server that writes hostile frames at every stage of a connection.
 * @module
 */
import fc from "fast-check";
import { hostileFrame } from "../client/mutated_frames.ts";

const USER = { id: "user:me@example.com", email: "me@example.com", display_name: null };
const OPEN = '0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';

/** How many frames are written before the client is asked whether it has read them. */
const BATCH = 500;
/** A connection that lives this long is replaced: every stage comes again and again. */
const BATCHES_PER_CONNECTION = 10;

/** Where the hostile frames begin. */
const STAGES = ["ready", "ready", "before the open packet", "before the connect packet"] as const;

/** It attacks until it was told to behave; then it is a small Roomz server. */
export class FuzzServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #frames: Generator<string | Uint8Array<ArrayBuffer>>;
  readonly #wanted: number;
  readonly #done = Promise.withResolvers<void>();
  #behaving = true;
  /** How many hostile frames were written. */
  written = 0;
  /** How many connections there were. */
  connections = 0;

  /** One that writes `wanted` hostile frames, the same ones for the same seed. */
  constructor(wanted: number, seed: number) {
    this.#wanted = wanted;
    this.#frames = hostileFrames(seed);
    this.#server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      if (request.headers.get("upgrade") !== "websocket") {
        // The client asks after every refusal whether its session is still good.
        return Response.json({ status: "ok", user: { email: USER.email, created_at: "t" } });
      }
      const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
      this.connections++;
      const connection = new FuzzConnection(socket);
      socket.onopen = () => void this.#serve(connection);
      return response;
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Begins to attack; resolves when all frames are written. */
  attack(): Promise<void> {
    this.#behaving = false;
    return this.#done.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }

  async #serve(connection: FuzzConnection): Promise<void> {
    const stage = this.#behaving ? undefined : STAGES[this.connections % STAGES.length];
    if (stage === "before the open packet") this.#writeSome(connection, 3);
    connection.write(OPEN);
    await connection.joined;
    if (stage === "before the connect packet") this.#writeSome(connection, 10);
    connection.event("authenticated", { user: USER, channel: USER.id, server_time: "t" });
    connection.write('40{"sid":"s"}');

    for (let batch = 0; batch < BATCHES_PER_CONNECTION; batch++) {
      while (this.#behaving && connection.open) await connection.change;
      if (!connection.open) return;
      this.#writeSome(connection, BATCH);
      await connection.caughtUp();
    }
    connection.close();
  }

  #writeSome(connection: FuzzConnection, count: number): void {
    for (let i = 0; i < count && connection.open; i++) {
      const { value } = this.#frames.next();
      connection.write(value);
      this.written++;
    }
    if (this.written < this.#wanted) return;
    this.#behaving = true;
    this.#done.resolve();
  }
}

/**
 * A WebSocket server that sends hostile frames at every stage of a connection.
 * @module
 */
import fc from "fast-check";
import { hostileFrame } from "../../client/support/mutated_frames.ts";

type Frame = string | Uint8Array<ArrayBuffer>;

const USER = { id: "user:me@example.com", email: "me@example.com", display_name: null };
const OPEN = '0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000}';

/** How many frames are sent before the server checks that the client has read them. */
const BATCH = 1_000;
/** A connection that lives this long is replaced, so that every stage is repeated. */
const BATCHES_PER_CONNECTION = 2;

/** The stage at which the hostile frames begin; the very first connection is not attacked. */
const STAGES = ["ready", "opening", "ready", "joining"] as const;

/** Attacks every client until it has sent enough hostile frames; then it behaves. */
export class FuzzServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #frames: Iterator<Frame, never>;
  readonly #wanted: number;
  readonly #milestones: { readonly frames: number; readonly reach: () => void }[] = [];
  /** How many hostile frames have been sent. */
  written = 0;
  /** How many connections there have been. */
  connections = 0;

  /** A server that sends `wanted` hostile frames; the same ones for the same seed. */
  constructor(wanted: number, seed: number) {
    this.#wanted = wanted;
    this.#frames = hostileFrames(seed);
    this.#server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      if (request.headers.get("upgrade") !== "websocket") {
        // After a refusal the client asks whether its session is still valid.
        return Response.json({ status: "ok", user: { email: USER.email, created_at: "t" } });
      }
      const { socket, response } = Deno.upgradeWebSocket(request);
      this.#serve(new FuzzConnection(socket), STAGES[this.connections++ % STAGES.length]);
      return response;
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Resolves when this many hostile frames have been sent and read. */
  reached(frames: number): Promise<void> {
    return new Promise((reach) => this.#milestones.push({ frames, reach }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }

  async #serve(
    connection: FuzzConnection,
    stage: typeof STAGES[number] | undefined,
  ): Promise<void> {
    const attacking = this.written < this.#wanted;
    await connection.opened;
    if (attacking && stage === "opening") this.#writeHostile(connection, 2);
    connection.write(OPEN);
    await connection.joined;
    if (attacking && stage === "joining") this.#writeHostile(connection, 10);
    connection.event("authenticated", { user: USER, channel: USER.id, server_time: "t" });
    connection.write('40{"sid":"s"}');
    if (!attacking) return this.#report();
    for (let batch = 0; batch < BATCHES_PER_CONNECTION && connection.isOpen; batch++) {
      this.#writeHostile(connection, BATCH);
      await connection.caughtUp();
      this.#report();
    }
    connection.close();
  }

  #report(): void {
    for (const { frames, reach } of this.#milestones) if (this.written >= frames) reach();
  }

  #writeHostile(connection: FuzzConnection, count: number): void {
    for (let i = 0; i < count && connection.isOpen && this.written < this.#wanted; i++) {
      connection.write(this.#frames.next().value);
      this.written++;
    }
  }
}

/** The server's end of one connection. */
class FuzzConnection {
  readonly #socket: WebSocket;
  readonly #opened = Promise.withResolvers<void>();
  readonly #joined = Promise.withResolvers<void>();
  #caughtUp = Promise.withResolvers<void>();
  #messages = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onopen = () => this.#opened.resolve();
    socket.onmessage = ({ data }) => this.#receive(String(data));
    socket.onerror = () => {};
    socket.onclose = () => {
      for (const wait of [this.#opened, this.#joined, this.#caughtUp]) wait.resolve();
    };
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** Resolves when the client has sent its connect packet, or is gone. */
  get joined(): Promise<void> {
    return this.#joined.promise;
  }

  write(frame: Frame): void {
    if (this.isOpen) this.#socket.send(frame);
  }

  event(name: string, payload: unknown): void {
    this.write(`42${JSON.stringify([name, payload])}`);
  }

  /** Resolves when the client has read everything that was sent, or is gone. */
  caughtUp(): Promise<void> {
    this.#caughtUp = Promise.withResolvers();
    if (this.isOpen) this.write("2caught up");
    else this.#caughtUp.resolve();
    return this.#caughtUp.promise;
  }

  close(): void {
    this.#socket.close();
  }

  #receive(frame: string): void {
    if (frame === "40") return this.#joined.resolve();
    if (frame === "3caught up") return this.#caughtUp.resolve();
    const [, ack] = /^42(\d+)\["message"/.exec(frame) ?? [];
    if (ack === undefined) return;
    const id = `message-${this.#messages++}`;
    this.event("message", { id, user: USER, content: "a&lt;b", timestamp: "t" });
    this.write(`43${ack}${JSON.stringify([{ status: "ok", message_id: id, timestamp: "t" }])}`);
  }
}

/** Frames of the client's own property tests, and some that only a WebSocket can carry. */
function* hostileFrames(seed: number): Generator<Frame, never> {
  for (let block = 0;; block++) {
    const random = fc.sample(hostileFrame, { seed: seed + block, numRuns: 1_000 });
    for (const [index, frame] of random.entries()) {
      // Frames that rightly end the connection would leave no time for the others.
      if (/^(1|41)/.test(frame) && index % 20 !== 0) continue;
      yield frame;
      if (index % 25 === 0) yield new TextEncoder().encode(frame);
    }
    yield `42["message",${"[".repeat(100_000)}`;
    yield `42["message",${"[".repeat(5_000)}${"]".repeat(5_000)}]`;
    yield `42["message",{"id":"m","user":{},"content":"${"&amp;".repeat(20_000)}"}]`;
    yield `4${"9".repeat(50_000)}`;
    yield `2${"x".repeat(50_000)}`;
    yield new Uint8Array(100_000);
  }
}

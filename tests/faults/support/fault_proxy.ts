/**
 * A TCP proxy in front of a server that breaks one connection at a chosen moment.
 *
 * It counts the traffic in units: the head of an HTTP message, then the frames of a WebSocket or the
 * body. So a fault can be injected between any two of them, or within one.
 * @module
 */
import { Buffer } from "node:buffer";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What happens: the connection is reset (RST), ended (FIN), or stalls. */
export type FaultKind = "reset" | "end" | "stall";

/** When it happens. */
export type FaultPoint =
  /** As soon as the connection is accepted. */
  | { readonly at: "accept" }
  /** When this unit from the client arrives, from 1 (the head of its request); it is dropped. */
  | { readonly at: "request"; readonly path: string; readonly unit: number }
  /**
   * When this unit from the server arrives, from 1; half of it is passed on if `half`, else nothing.
   */
  | {
    readonly at: "answer";
    readonly path: string;
    readonly unit: number;
    readonly half: boolean;
  };

/** A fault: it affects every connection that reaches its point. */
export interface Fault {
  readonly kind: FaultKind;
  readonly point: FaultPoint;
}

/** A proxy on a free port. */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The fault to inject; undefined lets everything pass. */
  fault: Fault | undefined;
  /** How often the fault was injected. */
  struck = 0;

  private constructor(targetPort: number, fault: Fault | undefined) {
    this.fault = fault;
    this.#server = createServer((client) => this.#accept(client, targetPort));
  }

  /** Starts a proxy in front of a port of this machine. */
  static async start(targetPort: number, fault?: Fault): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort, fault);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return `http://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket, targetPort: number): void {
    this.#track(client);
    if (this.fault?.point.at === "accept") return this.#strike(this.fault.kind, client);
    const server = this.#track(connect(targetPort, "127.0.0.1"));
    let broken = false;
    client.on("close", () => server.destroy());
    server.on("close", () => {
      if (!broken) client.end();
    });

    let path = "";
    const requests = new Units();
    const answers = new Units();
    /** The fault to inject at the unit that has just arrived, if any. */
    const faultAt = (at: "request" | "answer", unit: number): Fault | undefined => {
      const point = this.fault?.point;
      const here = point?.at === at && point.path === path && point.unit === unit;
      return here ? this.fault : undefined;
    };

    client.on("data", (chunk) => {
      if (broken) return;
      const head = /^[A-Z]+ ([^ ?]+)\S* HTTP\/1\.1\r\n/.exec(chunk.toString("latin1"));
      if (head !== null) {
        // Also the next request on a keep-alive connection.
        path = head[1] ?? "";
        requests.restart();
        answers.restart();
      }
      for (const unit of requests.push(chunk)) {
        const fault = faultAt("request", requests.count);
        if (fault !== undefined) {
          broken = true;
          return this.#strike(fault.kind, client);
        }
        server.write(unit);
      }
    });

    server.on("data", (chunk) => {
      if (broken) return;
      for (const unit of answers.push(chunk)) {
        const fault = faultAt("answer", answers.count);
        if (fault !== undefined) {
          broken = true;
          const half = fault.point.at === "answer" && fault.point.half ? unit.length / 2 : 0;
          client.write(unit.subarray(0, half), () => this.#strike(fault.kind, client));
          return;
        }
        client.write(unit);
      }
    });
  }

  #strike(kind: FaultKind, client: Socket): void {
    this.struck++;
    if (kind === "reset") client.resetAndDestroy();
    else if (kind === "end") client.end();
  }

  #track(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // Further errors of a broken connection are irrelevant.
    socket.on("error", () => {});
    socket.setNoDelay(true);
    return socket;
  }
}

/** Splits one direction of a connection into its units. */
class Units {
  /** The number of the last complete unit. */
  count = 0;
  #upgraded = false;
  #rest: Buffer = Buffer.alloc(0);

  restart(): void {
    this.count = 0;
    this.#upgraded = false;
    this.#rest = Buffer.alloc(0);
  }

  /** The units that are complete with this chunk. */
  *push(chunk: Buffer | string): Generator<Buffer> {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (let end = this.#end(); end > 0 && end <= this.#rest.length; end = this.#end()) {
      const unit = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      this.count++;
      if (this.count === 1) this.#upgraded = /^upgrade: *websocket\r$/im.test(unit.toString());
      yield unit;
    }
  }

  /** Where the first unit ends; 0 if that is not known yet. */
  #end(): number {
    if (this.count > 0) return this.#upgraded ? frameEnd(this.#rest) : this.#rest.length;
    const headEnd = this.#rest.indexOf("\r\n\r\n");
    return headEnd === -1 ? 0 : headEnd + 4;
  }
}

/** Where the first WebSocket frame of `bytes` ends (RFC 6455, 5.2); 0 if that is not known yet. */
function frameEnd(bytes: Buffer): number {
  if (bytes.length < 2) return 0;
  const second = bytes.readUInt8(1);
  const mask = second & 0x80 ? 4 : 0;
  const length = second & 0x7f;
  if (length < 126) return 2 + mask + length;
  if (length === 126) return bytes.length < 4 ? 0 : 4 + mask + bytes.readUInt16BE(2);
  return bytes.length < 10 ? 0 : 10 + mask + Number(bytes.readBigUInt64BE(2));
}

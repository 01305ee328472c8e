/**
 * A TCP proxy that cuts all its connections, and takes new ones again later.
 * @module
 */

/** A proxy on a free port. */
export class CutProxy implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #port: number;
  readonly #connections = new Set<Deno.Conn>();
  readonly #ended: Promise<void>;
  #isCut = false;

  /** Starts a proxy in front of a server on this machine. */
  constructor(target: string) {
    this.#port = Number(new URL(target).port);
    this.#ended = this.#accept();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Cuts every connection, and refuses new ones. */
  cut(): void {
    this.#isCut = true;
    for (const connection of this.#connections) close(connection);
    this.#connections.clear();
  }

  /** Takes new connections again. */
  mend(): void {
    this.#isCut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#ended;
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      if (this.#isCut) {
        close(client);
        continue;
      }
      this.#connections.add(client);
      void this.#connect(client);
    }
  }

  async #connect(client: Deno.TcpConn): Promise<void> {
    try {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
      this.#connections.add(server);
      if (this.#isCut) this.cut();
      const pipes = [
        client.readable.pipeTo(server.writable),
        server.readable.pipeTo(client.writable),
      ];
      await Promise.allSettled(pipes);
    } catch {
      close(client);
    }
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}

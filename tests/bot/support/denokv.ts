/**
 * A real KV server (denokv, from crates.io) behind a relay that can lose responses.
 * @module
 */

/** The server program: ROOMZ_DENOKV, or `denokv` on the PATH; undefined if there is none. */
export async function findDenokv(): Promise<string | undefined> {
  const program = Deno.env.get("ROOMZ_DENOKV") ?? "denokv";
  try {
    const { success } = await new Deno.Command(program, { args: ["--help"] }).output();
    return success ? program : undefined;
  } catch {
    return undefined;
  }
}

/** The access token of every server here. */
export const TOKEN = "a-token-of-tests";

/** A KV server with an empty database. */
export class Denokv implements AsyncDisposable {
  /** Where it can be reached, through the relay. */
  readonly url: string;
  /** Its port, without the relay. */
  readonly port: number;
  readonly #process: Deno.ChildProcess;
  readonly #relay: Relay;

  private constructor(process: Deno.ChildProcess, port: number, relay: Relay) {
    this.port = port;
    this.#process = process;
    this.#relay = relay;
    this.url = `http://127.0.0.1:${relay.port}`;
  }

  /** Starts one. */
  static async start(program: string): Promise<Denokv> {
    const folder = await Deno.makeTempDir();
    const port = freePort();
    const address = `127.0.0.1:${port}`;
    const process = new Deno.Command(program, {
      args: ["--sqlite-path", `${folder}/db`, "serve", "--addr", address, "--access-token", TOKEN],
      stdout: "null",
      stderr: "null",
    }).spawn();
    await untilListening(port);
    return new Denokv(process, port, new Relay(port));
  }

  /** The response of the next request is lost with its connection. */
  loseNextResponse(): void {
    this.#relay.loseNextResponse();
  }

  /** From now on, this part of all responses is lost, each with its connection. */
  loseResponses(share: number): void {
    this.#relay.share = share;
  }

  /** Stops the process, as SIGSTOP does, and lets it go on. */
  pause(): void {
    this.#process.kill("SIGSTOP");
  }

  /** See {@linkcode Denokv.pause}. */
  resume(): void {
    this.#process.kill("SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#relay.close();
    this.#process.kill("SIGKILL");
    await this.#process.status;
  }
}

/** Passes connections on to a port. */
class Relay {
  readonly port: number;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.Conn>();
  /** The part of all responses that is lost. */
  share = 0;
  #loses = false;
  #armed = false;

  constructor(to: number) {
    this.port = this.#listener.addr.port;
    this.#accept(to);
  }

  loseNextResponse(): void {
    this.#loses = true;
    this.#armed = false;
  }

  close(): void {
    this.#listener.close();
    for (const connection of this.#connections) closeQuietly(connection);
  }

  async #accept(to: number): Promise<void> {
    for await (const client of this.#listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: to });
      this.#connections.add(client).add(server);
      this.#pass(client, server, (bytes) => {
        // The frames of a request with a body; acknowledgements and pings are shorter.
        if (bytes > 100 && (this.#loses || Math.random() < this.share)) this.#armed = true;
        return true;
      });
      this.#pass(server, client, () => {
        if (!this.#armed) return true;
        this.#armed = this.#loses = false;
        return false;
      });
    }
  }

  /** Copies from one to the other; when `passes` says no, both are closed instead. */
  async #pass(from: Deno.Conn, to: Deno.Conn, passes: (bytes: number) => boolean): Promise<void> {
    try {
      const buffer = new Uint8Array(65_536);
      for (;;) {
        const length = await from.read(buffer);
        if (length === null || !passes(length)) break;
        for (let at = 0; at < length;) at += await to.write(buffer.subarray(at, length));
      }
    } catch {
      // One side is gone.
    }
    closeQuietly(from);
    closeQuietly(to);
  }
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It was closed before.
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      return (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error("denokv did not start within 5 s.");
}

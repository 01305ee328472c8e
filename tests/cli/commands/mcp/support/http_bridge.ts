/**
 * Puts `roomz mcp` behind HTTP, for tools that speak nothing else: one process for each session of 2025,
 * and one for all requests of 2026, which has no sessions.
 * @module
 */
import type { LineProcess } from "./line_process.ts";

const FIRST_OF_2026 = {
  jsonrpc: "2.0",
  method: "tools/list",
  params: {
    _meta: {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  },
};

/** The bridge. */
export class HttpBridge implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #sessions = new Map<string, LineProcess>();
  readonly #start: () => LineProcess;

  /** `start` starts a process. */
  constructor(start: () => LineProcess) {
    this.#start = start;
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => this.#handle(request),
    );
  }

  /** Where to send requests. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/mcp`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Promise.all([...this.#sessions.values()].map((process) => process.close()));
  }

  async #handle(request: Request): Promise<Response> {
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.get("host") ?? "")) {
      return new Response(null, { status: 403 });
    }
    const session = request.headers.get("mcp-session-id");
    if (request.method === "DELETE" && session !== null) {
      await this.#sessions.get(session)?.close();
      this.#sessions.delete(session);
      return new Response(null, { status: 204 });
    }
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const message = await request.json();
    const id = session ?? (message.method === "initialize" ? crypto.randomUUID() : "stateless");
    let process = this.#sessions.get(id);
    if (process === undefined) {
      if (session !== null) return new Response(null, { status: 404 });
      process = this.#start();
      this.#sessions.set(id, process);
      // On stdio the first message decides on the version, for all that follow.
      if (id === "stateless") await process.request(FIRST_OF_2026);
    }
    if (message.id === undefined) {
      process.write(message);
      return new Response(null, { status: 202 });
    }
    // Its answers are a stream of events, which this bridge does not have.
    if (message.method === "subscriptions/listen") return new Response(null, { status: 501 });
    // Clients number their requests from the same number: the process gets other ones.
    const answer = await process.request(message);
    const headers = message.method === "initialize" ? { "mcp-session-id": id } : {};
    return Response.json({ ...answer, id: message.id }, { headers });
  }
}

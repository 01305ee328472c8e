/**
 * Plain HTTP: finds the route for a request and writes its answer.
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { page, type Reply } from "./reply.ts";

/** What a route sees of a request. */
export interface RouteRequest {
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** The body as text; undefined when it is not UTF-8 or longer than a megabyte. */
  readonly text: () => Promise<string | undefined>;
}

/** One path's only method, and what it answers. A GET route answers HEAD as well. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly answer: (request: RouteRequest) => Reply | Promise<Reply>;
}

const MAX_BODY_BYTES = 1_000_000;

/** Serves routes by path; any other path is answered with 404. */
export function serveRoutes(
  routes: ReadonlyMap<string, Route>,
  log: (text: string) => void,
): RequestListener {
  return (request, response) => {
    answer(routes, request).then((reply) => write(response, reply)).catch((error) => {
      // The client has gone in the middle of its request, or a route has a bug.
      if (!request.errored) log(`${request.method} ${request.url} failed: ${error}`);
      response.destroy();
    });
  };
}

async function answer(
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
): Promise<Reply> {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const route = routes.get(path);
  if (route === undefined) {
    return page(404, "Not Found", "The requested URL was not found on the server.");
  }
  const allow = route.method === "GET" ? "OPTIONS, HEAD, GET" : "OPTIONS, POST";
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method === "OPTIONS") return { status: 200, headers: { allow }, body: "" };
  if (method !== route.method) {
    const text = "The method is not allowed for the requested URL.";
    return page(405, "Method Not Allowed", text, { allow });
  }
  return await route.answer({
    query: new URLSearchParams(query),
    headers: request.headers,
    text: () => readText(request),
  });
}

function write(response: ServerResponse, { status, headers, body }: Reply): void {
  const content = new TextEncoder().encode(body);
  response.writeHead(status, { ...headers, "content-length": content.length });
  response.end(content);
}

async function readText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read on without keeping it: the answer can only be written once the request is in.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(chunks).arrayBuffer());
  } catch {
    return undefined;
  }
}

/**
 * Plain HTTP: finds the route for a request and writes its answer.
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { page, type Reply } from "./reply.ts";

/** What a route sees of a request. */
export interface RouteRequest {
  /** `http://HOST`, with the host that the client named. */
  readonly origin: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** The body as text; undefined when it is not UTF-8 or longer than 16 MiB. */
  readonly text: () => Promise<string | undefined>;
}

/** One path's only method, and what it answers. A GET route answers HEAD as well. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly answer: (request: RouteRequest) => Reply | Promise<Reply>;
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Serves routes by path; any other path is answered with 404. */
export function serveRoutes(
  routes: ReadonlyMap<string, Route>,
  log: (text: string) => void,
): RequestListener {
  return (request, response) => {
    answer(routes, request).then((reply) => write(response, reply)).catch((error) => {
      // An incomplete request is a client that has gone, which is no failure of the server. The
      // query stays out of the log: it may hold a token.
      if (request.complete) log(`${request.method} ${targetOf(request).path} failed: ${error}`);
      response.destroy();
    });
  };
}

async function answer(
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
): Promise<Reply> {
  const { path, query } = targetOf(request);
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
    origin: originOf(request),
    query: new URLSearchParams(query),
    headers: request.headers,
    text: () => readText(request),
  });
}

/** The two parts of a request's target. By hand: `URL` fails on some, such as `//`. */
function targetOf(
  { url = "/" }: IncomingMessage,
): { readonly path: string; readonly query: string } {
  const mark = url.indexOf("?");
  return mark === -1
    ? { path: url, query: "" }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function originOf({ headers, socket }: IncomingMessage): string {
  // Parsed, because it is printed: the header may hold anything.
  return URL.parse(`http://${headers.host ?? ""}`)?.origin ??
    `http://localhost:${socket.localPort}`;
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

/**
 * Plain HTTP: finds the route for a request and writes the response.
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { percentDecode } from "../base/python_text.ts";
import { methodNotAllowed, notFound, redirect, type Reply } from "./reply.ts";

/** The parts of a request that routes use. */
export interface RouteRequest {
  readonly query: URLSearchParams;
  /** The first `Cookie` header; the real server ignores any others. */
  readonly cookies: string | undefined;
  readonly headers: IncomingMessage["headers"];
  /** The body as text; undefined if it is not UTF-8 or is longer than 16 MiB. */
  readonly text: () => Promise<string | undefined>;
}

/** The only method of a path, and its handler. A GET route answers HEAD too. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly answer: (request: RouteRequest) => Reply | Promise<Reply>;
}

/** The target of a request. */
export interface Target {
  /** Percent-decoded, because the real server compares it so. */
  readonly path: string;
  /** The part after the "?". */
  readonly query: string;
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** What answers the requests of long polling; `query` is the part of the target after the "?". */
export interface PollingEndpoint {
  answer(request: IncomingMessage, query: string): Promise<Reply>;
}

/** Serves Engine.IO and the routes. Any other path gets 404. */
export function serveRequests(
  routes: ReadonlyMap<string, Route>,
  engine: PollingEndpoint,
  log: (text: string) => void,
): RequestListener {
  return (request, response) => {
    const target = targetOf(request);
    const reply = isEnginePath(target.path)
      ? engine.answer(request, target.query)
      : answer(routes, request, target);
    reply.then((reply) => write(response, reply)).catch((error) => {
      // An incomplete request means that the client has gone, which is not a failure of the server.
      // The query stays out of the log because it may contain a token.
      if (request.complete) log(`${request.method} ${target.path} failed: ${error}`);
      response.destroy();
    });
  };
}

/** Whether a path belongs to Engine.IO, which also handles all paths below its own. */
export function isEnginePath(path: string): boolean {
  return path === "/socket.io" || path.startsWith("/socket.io/");
}

async function answer(
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
  { path, query }: Target,
): Promise<Reply> {
  const exact = routes.get(path.replace(/^\/+/, "/"));
  const route = exact ?? routes.get(path.replace(/\/+/g, "/"));
  if (route === undefined) return notFound();
  const allow = route.method === "GET" ? "OPTIONS, HEAD, GET" : "OPTIONS, POST";
  const method = request.method === "HEAD" ? "GET" : request.method;
  const isOptions = method === "OPTIONS";
  if (!isOptions && method !== route.method) return methodNotAllowed(allow);
  if (exact === undefined) {
    const location = `${originOf(request)}${path.replace(/\/+/g, "/")}`;
    return redirect(query === "" ? location : `${location}?${query}`, {}, 308);
  }
  if (isOptions) {
    const headers = { allow, "content-type": "text/html; charset=utf-8" };
    return { status: 200, headers, body: "" };
  }
  return await route.answer({
    query: new URLSearchParams(query),
    cookies: firstHeader(request, "cookie"),
    headers: request.headers,
    text: () => readText(request),
  });
}

/** Splits a request's target without `URL`, which fails on some targets, such as `//`. */
export function targetOf({ url = "/" }: IncomingMessage): Target {
  // Clients send the whole URL to a proxy.
  const target = url.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  return { path: percentDecode(path), query: mark === -1 ? "" : target.slice(mark + 1) };
}

/** The server's origin under the host name that the client used, for redirects. */
function originOf({ headers, socket }: IncomingMessage): string {
  return URL.parse(`http://${headers.host ?? ""}`)?.origin ??
    `http://127.0.0.1:${socket.localPort}`;
}

function firstHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  const index = rawHeaders.findIndex((text, index) =>
    index % 2 === 0 && text.toLowerCase() === name
  );
  return index === -1 ? undefined : rawHeaders[index + 1];
}

function write(response: ServerResponse, { status, headers, body }: Reply): void {
  const content = typeof body === "string" ? new TextEncoder().encode(body) : body;
  response.writeHead(status, { ...headers, "content-length": content.length });
  response.end(content);
}

async function readText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Keep reading but drop the data: the response can be written only after the whole request.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      await new Blob(chunks).arrayBuffer(),
    );
  } catch {
    return undefined;
  }
}

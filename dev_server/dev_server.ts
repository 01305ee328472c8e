/**
 * Starts and stops a development server.
 * @module
 */
import { createServer, type Server as HttpServer } from "node:http";
import type { Socket as TcpSocket } from "node:net";
import { AllowList } from "./auth/allow_list.ts";
import { authRoutes } from "./auth/auth_routes.ts";
import { MagicLinks } from "./auth/magic_links.ts";
import { SessionTokens } from "./auth/session_tokens.ts";
import { Chat } from "./chat.ts";
import { isEnginePath, serveRequests, targetOf } from "./http/http_routes.ts";
import { listen, reachableHost } from "./http/listening.ts";
import { checkAllowedEmails, type DevServerOptions, resolveOptions } from "./options.ts";
import { pageRoutes } from "./page/page_routes.ts";
import { EngineServer, refuseUpgrade } from "./socket/engine_server.ts";
import { SocketServer } from "./socket/socket_io.ts";

/** A running development server, as `createDevServer` returns it. */
export interface DevServer extends AsyncDisposable {
  /** The URL for clients, without a trailing slash: `http://127.0.0.1:8000`. */
  readonly url: string;
  /** The port that the server listens on; never 0. */
  readonly port: number;
  /** The number of connections in the chat. */
  readonly connections: number;
  /**
   * Creates a session token for the cookie `session_token`, without a magic link. `email` can be any
   * address, but the server accepts the session only while that address is allowed. Keep it secret.
   *
   * @param email The account of the session.
   * @param options `expiresIn`: milliseconds until the session expires, truncated to whole seconds;
   * zero or less creates an expired session. Default: 30 days.
   */
  mintSession(email: string, options?: { readonly expiresIn?: number }): Promise<string>;
  /**
   * Replaces the list of allowed addresses. Sessions and magic links of addresses that were removed
   * are refused from now on; open connections stay.
   *
   * @throws {DevServerError} If the list contains something that is not an email address.
   */
  setAllowedEmails(emails: readonly string[] | "*"): void;
  /** Cuts every connection off, as a network failure would. Clients can reconnect. */
  disconnectAll(): void;
  /**
   * Stops the server: closes the connections and frees the port. Takes at most half a second, even
   * if clients do not respond. Further calls wait for the same end.
   */
  close(): Promise<void>;
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How long clients have to respond to the close of their connection, milliseconds. */
const CLOSE_GRACE = 500;

/**
 * Starts a local server that behaves like the Roomz service, for development and tests. It keeps
 * everything in memory and sends no email: magic links go to `onMagicLink` or are printed.
 *
 * Needs `--allow-net`, and `--allow-env` for the npm packages that it uses. Its tests compare it with
 * the service frame by frame; `docs/development_server.md` lists the differences.
 *
 * @param options Who may log in, where to listen, and limits to lower for a test.
 * @returns The server, which is already listening.
 * @throws {DevServerError} If an option is invalid, the port is in use or blocked by the Fetch
 * standard, or the address does not belong to this machine. The message says which, and what to do.
 *
 * @example Ask the server who a session belongs to
 * ```ts
 * import { createDevServer } from "@roomz/roomz/dev-server";
 *
 * await using server = await createDevServer({ port: 0, allowedEmails: ["ada@example.com"] });
 * const session = await server.mintSession("ada@example.com");
 * const response = await fetch(`${server.url}/auth/me`, {
 *   headers: { cookie: `session_token=${session}` },
 * });
 * console.log(await response.json()); // { status: "ok", user: { email: "ada@example.com", … } }
 * ```
 */
export async function createDevServer(options: DevServerOptions): Promise<DevServer> {
  const settings = resolveOptions(options);
  const { port, hostname, clock, log, onMagicLink, maxConnections } = settings;
  const allowList = new AllowList(settings.allowedEmails);
  const sessions = new SessionTokens(settings.jwtSecret, allowList, clock);
  const links = new MagicLinks(clock);

  const chat = new Chat({ sessions, maxConnections, clock });
  const sockets = new SocketServer(chat);
  const engine = new EngineServer(settings, sockets);
  const address = { url: "" };
  const url = () => address.url;
  const routes = authRoutes({ allowList, links, sessions, clock, url, onMagicLink, log });
  const all = new Map([...pageRoutes(log), ...routes]);
  const http = createServer(serveRequests(all, engine, log));
  serveUpgrades(http, engine);
  const connections = trackConnections(http);

  const boundPort = await listen(http, port, hostname);
  address.url = `http://${reachableHost(hostname)}:${boundPort}`;
  // Errors while starting to listen were handled above. Later ones concern single connections.
  http.on("error", (error) => log(`HTTP server error: ${error.message}`));
  const parts = { http, engine, sockets, chat, connections, allowList, sessions };
  return new RunningServer(parts, address.url, boundPort);
}

interface Parts {
  readonly http: HttpServer;
  readonly engine: EngineServer;
  readonly sockets: SocketServer;
  readonly chat: Chat;
  readonly connections: ReadonlySet<TcpSocket>;
  readonly allowList: AllowList;
  readonly sessions: SessionTokens;
}

class RunningServer implements DevServer {
  readonly url: string;
  readonly port: number;
  readonly #parts: Parts;

  constructor(parts: Parts, url: string, port: number) {
    this.#parts = parts;
    this.url = url;
    this.port = port;
  }

  get connections(): number {
    return this.#parts.chat.size;
  }

  mintSession(email: string, options: { readonly expiresIn?: number } = {}): Promise<string> {
    return this.#parts.sessions.mint(email, options.expiresIn);
  }

  setAllowedEmails(emails: readonly string[] | "*"): void {
    this.#parts.allowList.replace(checkAllowedEmails(emails));
  }

  disconnectAll(): void {
    this.#parts.chat.clear();
    this.#parts.engine.cutAll();
  }

  async close(): Promise<void> {
    const { http, engine, sockets, chat, connections } = this.#parts;
    chat.clear();
    engine.endAll();
    const cut = setTimeout(() => {
      for (const connection of connections) connection.destroy();
    }, CLOSE_GRACE);
    await Promise.all([closeListener(http), sockets.settled()]);
    clearTimeout(cut);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The open TCP connections, including those of WebSockets. */
function trackConnections(http: HttpServer): ReadonlySet<TcpSocket> {
  const connections = new Set<TcpSocket>();
  http.on("connection", (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });
  return connections;
}

/** Passes WebSocket requests to Engine.IO, and refuses those for other paths. */
function serveUpgrades(http: HttpServer, engine: EngineServer): void {
  http.on("upgrade", (request, connection, head) => {
    const { path, query } = targetOf(request);
    if (isEnginePath(path)) engine.upgrade(request, connection, head, query);
    else refuseUpgrade(connection, "404 Not Found");
  });
}

/** Resolves when the last connection has ended; at once if it was closed before. */
function closeListener(http: HttpServer): Promise<void> {
  return new Promise((resolve) => http.close(() => resolve()));
}

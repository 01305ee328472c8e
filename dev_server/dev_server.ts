/**
 * Starts and stops a development server.
 * @module
 */
import { createServer, type Server as HttpServer } from "node:http";
import type { Socket as TcpSocket } from "node:net";
import { AllowList } from "./allow_list.ts";
import { authRoutes } from "./auth_routes.ts";
import { Chat } from "./chat.ts";
import { EngineServer, refuseUpgrade } from "./engine_server.ts";
import { homePage } from "./home_page.ts";
import { isEnginePath, serveRequests, targetOf } from "./http_routes.ts";
import { listen, reachableHost } from "./listening.ts";
import { MagicLinks } from "./magic_links.ts";
import { checkAllowedEmails, type DevServerOptions, resolveOptions } from "./options.ts";
import { SessionTokens } from "./session_tokens.ts";
import { SocketServer } from "./socket_io.ts";

/** A running development server, as `createDevServer` returns it. */
export interface DevServer extends AsyncDisposable {
  /** Where clients find it, without a slash at the end: `http://127.0.0.1:8000`. */
  readonly url: string;
  /** The port that it listens on; never 0. */
  readonly port: number;
  /** How many connections are in the chat now. */
  readonly connections: number;
  /**
   * A session token without a magic link, for the cookie `session_token`. Anyone may be named, but
   * the server accepts it only while that address is allowed. It is a secret.
   *
   * @param email Whose session it is.
   * @param options `expiresIn`: milliseconds until it expires, cut to whole seconds; zero or less
   * makes one that has expired. Default: 30 days.
   */
  mintSession(email: string, options?: { readonly expiresIn?: number }): Promise<string>;
  /**
   * Puts another list of allowed addresses in place. Sessions and magic links of those who are no
   * longer in it are refused from now on; open connections stay.
   *
   * @throws {DevServerError} When the list has something that is not an address.
   */
  setAllowedEmails(emails: readonly string[] | "*"): void;
  /** Drops every connection at once, as a failing network would. Clients may come back. */
  disconnectAll(): void;
  /**
   * Stops: drops the connections and frees the port. It takes half a second at most, also with
   * clients that do not answer. Calling it again waits for the same end.
   */
  close(): Promise<void>;
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Time for clients to answer the end of their connection, in milliseconds. */
const CLOSE_GRACE = 500;

/**
 * Starts a server that behaves as the Roomz service does, on this machine, for trying and testing.
 * It keeps everything in memory and sends no email: magic links go to `onMagicLink`, or are
 * printed.
 *
 * It runs on npm packages that read the environment, so it needs `--allow-net` and `--allow-env`.
 * It is compared with the service frame by frame; `docs/development_server.md` lists what differs.
 *
 * @param options Who may log in, where to listen, and what to shorten for a test.
 * @returns The server, listening.
 * @throws {DevServerError} When an option is wrong, the port is in use or blocked by the Fetch standard,
 * or the address is not this machine's: the message says which, and what to do.
 *
 * @example Ask it who a session belongs to
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
  const all = new Map([["/", homePage], ...routes]);
  const http = createServer(serveRequests(all, engine, log));
  serveUpgrades(http, engine);
  const connections = trackConnections(http);

  const boundPort = await listen(http, port, hostname);
  address.url = `http://${reachableHost(hostname)}:${boundPort}`;
  // The listeners are in place; what goes wrong from now on concerns single connections.
  http.on("error", (error) => log(`The server reports: ${error.message}`));
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

/** The TCP connections that are open, those of WebSockets included. */
function trackConnections(http: HttpServer): ReadonlySet<TcpSocket> {
  const connections = new Set<TcpSocket>();
  http.on("connection", (connection) => {
    connections.add(connection);
    connection.once("close", () => connections.delete(connection));
  });
  return connections;
}

/** Hands the requests for a WebSocket to Engine.IO, and refuses those for other paths. */
function serveUpgrades(http: HttpServer, engine: EngineServer): void {
  http.on("upgrade", (request, connection, head) => {
    const { path, query } = targetOf(request);
    if (isEnginePath(path)) engine.upgrade(request, connection, head, query);
    else refuseUpgrade(connection, "404 Not Found");
  });
}

/** Resolves when the last connection has ended; at once where it was closed before. */
function closeListener(http: HttpServer): Promise<void> {
  return new Promise((resolve) => http.close(() => resolve()));
}

/**
 * A server that speaks just enough of the protocol to put hostile text into every field.
 * @module
 */

/** The texts that the server sends. */
export interface HostileTexts {
  /** The account's email address, in the session and in messages. */
  email: string;
  /** The reason for rejecting a login link, and the error in acknowledgements. */
  error: string;
  /** The display name in the acknowledgement of set_display_name; undefined rejects the request. */
  displayName?: string;
  /** Display names of other connections, announced to each new connection. */
  renames: readonly string[];
  /** Called before each response, to change the texts. */
  next(): void;
  /** Messages sent to each new connection. */
  messages: readonly {
    readonly content: string;
    readonly name: string;
    readonly email: string;
  }[];
}

/** An unsigned session token; the hostile server accepts it. */
export function sessionOf(email: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ email, exp: 4_000_000_000 }));
  return `e.${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}.s`;
}

/** A running server. */
export class HostileServer implements AsyncDisposable {
  /** The texts that it sends; tests change them at any time. */
  readonly texts: HostileTexts = {
    email: "ada@example.com",
    error: "no",
    renames: [],
    next() {},
    messages: [],
  };
  readonly #sockets = new Set<WebSocket>();
  readonly #http: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { port: 0, hostname: "127.0.0.1", onListen() {} };
    this.#http = Deno.serve(options, (request) => this.#respond(request));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#http.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#http.shutdown();
  }

  /** Closes every connection with `reason`. */
  drop(reason: string): void {
    for (const socket of this.#sockets) socket.close(4_000, reason);
  }

  #respond(request: Request): Response {
    this.texts.next();
    const { email, error } = this.texts;
    if (request.headers.get("upgrade") === "websocket") {
      const { socket, response } = Deno.upgradeWebSocket(request);
      this.#serve(socket);
      return response;
    }
    if (request.url.endsWith("/auth/me") && request.headers.has("cookie")) {
      return Response.json({ status: "ok", user: { email, created_at: error } });
    }
    const status = request.url.endsWith("/auth/me") ? 401 : 403;
    return Response.json({ type: error, title: error, status, detail: error }, { status });
  }

  #serve(socket: WebSocket): void {
    this.#sockets.add(socket);
    socket.onclose = () => this.#sockets.delete(socket);
    const send = (name: string, payload: unknown): void => {
      socket.send(`42${JSON.stringify([name, payload])}`);
    };
    socket.onopen = () => {
      const timing = { pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000 };
      socket.send(`0${JSON.stringify({ sid: "s", upgrades: [], ...timing })}`);
    };
    socket.onmessage = ({ data }) => {
      this.texts.next();
      const { email, error, displayName, renames, messages } = this.texts;
      const user = { id: `user:${email}`, email, display_name: null };
      const timestamp = "2026-11-23T12:00:00+00:00";
      if (data === "40") {
        send("authenticated", { user, channel: user.id, server_time: timestamp });
        socket.send('40{"sid":"c"}');
        for (const [at, { content, name, email }] of messages.entries()) {
          const sender = { id: `user:${email}`, email, display_name: name };
          // Microseconds apart, as the real server's may be.
          const micros = String(at).padStart(6, "0");
          send("message", {
            id: `m${at % 7}-${at}`,
            user: sender,
            content,
            timestamp: `2026-11-23T12:00:00.${micros}+00:00`,
          });
        }
        for (const [at, display_name] of renames.entries()) {
          const user = { id: `user:${email}`, email, display_name };
          send("display_name_changed", { user, timestamp, connection_id: `c${at}` });
        }
        return;
      }
      const [, id, event] = /^42(\d+)\["(\w+)"/.exec(String(data)) ?? [];
      const result = event === "set_display_name" && displayName !== undefined
        ? { status: "ok", display_name: displayName }
        : { error, code: 400 };
      if (id !== undefined) socket.send(`43${id}${JSON.stringify([result])}`);
    };
  }
}

/**
 * A server that speaks just enough of the protocol to say hostile things in every place.
 * @module
 */

/** What the server says. */
export interface HostileWords {
  /** The email of the account, in the session as well as in messages. */
  email: string;
  /** The reason that a login link is refused, and the error that a message is answered with. */
  error: string;
  /** What a display name is acknowledged with; undefined: it is refused. */
  displayName?: string;
  /** Names that other connections take, once somebody has connected. */
  renames: readonly string[];
  /** Called before each answer, to say something else. */
  next(): void;
  /** Messages that are sent once somebody has connected. */
  messages: readonly {
    readonly content: string;
    readonly name: string;
    readonly email: string;
  }[];
}

/** A session that nobody has signed; a hostile server takes it. */
export function sessionOf(email: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ email, exp: 4_000_000_000 }));
  return `e.${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}.s`;
}

/** A running server. */
export class HostileServer implements AsyncDisposable {
  /** What it says from now on. */
  readonly words: HostileWords = {
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
    this.#http = Deno.serve(options, (request) => this.#answer(request));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#http.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#http.shutdown();
  }

  /** Closes every connection, for a reason. */
  drop(reason: string): void {
    for (const socket of this.#sockets) socket.close(4_000, reason);
  }

  #answer(request: Request): Response {
    this.words.next();
    const { email, error } = this.words;
    if (request.headers.get("upgrade") === "websocket") {
      const { socket, response } = Deno.upgradeWebSocket(request);
      this.#talk(socket);
      return response;
    }
    if (request.url.endsWith("/auth/me") && request.headers.has("cookie")) {
      return Response.json({ status: "ok", user: { email, created_at: error } });
    }
    const status = request.url.endsWith("/auth/me") ? 401 : 403;
    return Response.json({ type: error, title: error, status, detail: error }, { status });
  }

  #talk(socket: WebSocket): void {
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
      this.words.next();
      const { email, error, displayName, renames, messages } = this.words;
      const user = { id: `user:${email}`, email, display_name: null };
      const timestamp = "2026-11-23T12:00:00+00:00";
      if (data === "40") {
        send("authenticated", { user, channel: user.id, server_time: timestamp });
        socket.send('40{"sid":"c"}');
        for (const [at, { content, name, email }] of messages.entries()) {
          const sender = { id: `user:${email}`, email, display_name: name };
          // Microseconds apart, as those of the real server may be.
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
      const answer = event === "set_display_name" && displayName !== undefined
        ? { status: "ok", display_name: displayName }
        : { error, code: 400 };
      if (id !== undefined) socket.send(`43${id}${JSON.stringify([answer])}`);
    };
  }
}

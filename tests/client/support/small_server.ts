/**
 * A minimal Roomz server, on a real port.
 * @module
 */
import { AUTHENTICATED, messagePayload, TIMESTAMP } from "./fake_socket.ts";

/** A running server. */
export interface SmallServer extends AsyncDisposable {
  readonly url: string;
  /** The `Cookie` header of each WebSocket. */
  readonly cookies: readonly string[];
}

/** Starts a server that accepts every session, refuses every magic link, and echoes messages. */
export function startSmallServer(): SmallServer {
  const cookies: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/auth/verify") {
      return new Response(null, { status: 302, headers: { Location: "/?error=invalid_token" } });
    }
    if (request.headers.get("Upgrade") !== "websocket") return new Response("", { status: 404 });
    cookies.push(request.headers.get("Cookie") ?? "");
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onopen = () => socket.send('0{"sid":"s","pingInterval":25000,"pingTimeout":20000}');
    socket.onmessage = ({ data }) => reply(socket, String(data));
    return response;
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    cookies,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function reply(socket: WebSocket, frame: string): void {
  if (frame === "40") {
    socket.send(`42${JSON.stringify(["authenticated", AUTHENTICATED])}`);
    socket.send('40{"sid":"s"}');
  }
  const [, id, content] = /^42(\d+)\["message",\{"content":"(.*)"\}\]$/.exec(frame) ?? [];
  if (id === undefined || content === undefined) return;
  const escaped = content.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  socket.send(`42${JSON.stringify(["message", messagePayload(`m${id}`, escaped)])}`);
  const ack = { status: "ok", message_id: `m${id}`, timestamp: TIMESTAMP };
  socket.send(`43${id}${JSON.stringify([ack])}`);
}

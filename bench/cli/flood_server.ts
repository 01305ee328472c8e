/**
 * A server with one user. `GET /flood?count=N&rate=N` sends `count` messages of 100 characters to the
 * user's channel, `rate` per second. Runs in a process of its own and prints its port.
 * @module
 */
const USER = { id: "user:ada@example.com", email: "ada@example.com", display_name: "flood" };
const TICK = 5;

const sockets = new Set<WebSocket>();
let sent = 0;

Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log(port) }, answer);

async function answer(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === "/flood") {
    await flood(Number(searchParams.get("count")), Number(searchParams.get("rate")));
    return new Response(`${sent}`);
  }
  if (pathname === "/auth/me") {
    const user = { ...USER, created_at: new Date().toISOString() };
    return Response.json({ status: "ok", user });
  }
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.onopen = () => {
    const timing = { pingInterval: 600_000, pingTimeout: 600_000, maxPayload: 1_000_000 };
    socket.send(`0${JSON.stringify({ sid: "s", upgrades: [], ...timing })}`);
  };
  socket.onmessage = ({ data }) => {
    if (data !== "40") return;
    sockets.add(socket);
    const event = { user: USER, channel: USER.id, server_time: new Date().toISOString() };
    socket.send(`42${JSON.stringify(["authenticated", event])}`);
    socket.send('40{"sid":"s"}');
  };
  socket.onclose = () => sockets.delete(socket);
  return response;
}

/** Sends `count` messages, each numbered: `#12# xxx…`. */
async function flood(count: number, rate: number): Promise<void> {
  const started = performance.now();
  for (let done = 0; done < count;) {
    const due = Math.min(count, (performance.now() - started) / 1_000 * rate);
    for (; done < due; done++) {
      const content = `#${sent}# `.padEnd(100, "x");
      const message = { id: `m${sent}`, user: USER, content, timestamp: new Date().toISOString() };
      const frame = `42${JSON.stringify(["message", message])}`;
      for (const socket of sockets) socket.send(frame);
      sent++;
    }
    await new Promise((resolve) => setTimeout(resolve, TICK));
  }
}

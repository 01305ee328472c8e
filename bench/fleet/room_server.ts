/**
 * A server with a room for each account and nothing else, so that it does not limit what is measured: the
 * account is the `sub` of the session, which is not checked.
 *
 * Runs as a process of its own, and prints its port. `GET /say?content=…` sends a message to every room;
 * it returns when each has got an answer, as JSON: how many, and the milliseconds of each.
 * @module
 */
import { createServer } from "node:http";
// @ts-types="npm:@types/ws@8.18.1"
import { WebSocketServer } from "ws";

interface Room {
  readonly user: { readonly id: string; readonly email: string; readonly display_name: string };
  send(frame: string): void;
  /** When the message that waits for an answer was sent. */
  askedAt: number | undefined;
}

const rooms = new Set<Room>();
const handshake = { sid: "s", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000 };
let messages = 0;
let times: number[] = [];
let answered = () => {};

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const content = url.searchParams.get("content") ?? "";
  const pause = Number(url.searchParams.get("pause") ?? 0);
  times = [];
  const all = [...rooms];
  const done = new Promise<void>((resolve) => answered = resolve);
  for (const room of all) {
    room.askedAt = performance.now();
    room.send(messageOf(room, content));
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  if (times.length < all.length) await done;
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(part * times.length)] ?? 0;
  response.end(JSON.stringify({ answers: times.length, p50: at(0.5), p99: at(0.99) }));
});
new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket, request) => {
  const payload = /session_token=[^.]*\.([^.]*)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
  const { sub, email } = JSON.parse(atob(payload));
  const room: Room = {
    user: { id: sub, email, display_name: "phone" },
    send: (frame) => socket.send(frame),
    askedAt: undefined,
  };
  socket.send(`0${JSON.stringify(handshake)}`);
  const ping = setInterval(() => socket.send("2"), handshake.pingInterval);
  socket.on("close", () => {
    clearInterval(ping);
    rooms.delete(room);
  });
  socket.on("message", (data: unknown) => {
    const frame = String(data);
    if (frame === "40") {
      const server_time = new Date().toISOString();
      const user = { ...room.user, display_name: null };
      const authenticated = { user, channel: user.id, server_time };
      socket.send(`42${JSON.stringify(["authenticated", authenticated])}`);
      socket.send('40{"sid":"s"}');
      rooms.add(room);
      return;
    }
    const [, id, json] = /^42(\d+)(\[.*)$/s.exec(frame) ?? [];
    if (id === undefined || json === undefined) return;
    const [name, { content, display_name }] = JSON.parse(json);
    if (name === "set_display_name") {
      return socket.send(`43${id}${JSON.stringify([{ status: "ok", display_name }])}`);
    }
    const timestamp = new Date().toISOString();
    socket.send(messageOf(room, content));
    socket.send(
      `43${id}${JSON.stringify([{ status: "ok", message_id: `m${messages}`, timestamp }])}`,
    );
    if (room.askedAt === undefined) return;
    times.push(performance.now() - room.askedAt);
    room.askedAt = undefined;
    if (times.length >= rooms.size) answered();
  });
});
server.listen(0, "127.0.0.1", 8_192, () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});

function messageOf({ user }: Room, content: string): string {
  const timestamp = new Date().toISOString();
  return `42${JSON.stringify(["message", { id: `m${++messages}`, user, content, timestamp }])}`;
}

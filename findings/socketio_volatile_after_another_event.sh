#!/usr/bin/env bash
# Versions: npm socket.io and socket.io-client 4.8.4, on node 22.23.3.
# Volatile events are for what may be lost while a connection is not ready: "typing", a cursor. Here
# the connection is a WebSocket on loopback, open and idle, and a volatile event is emitted right after
# another event: a message and "typing", or two volatile ones.
# Guess: both arrive; nothing is congested.
# Seen: the volatile one is dropped, always, on the client and on the server, in io.emit() to everyone
# as well. A transport counts as not ready from one write to the next turn of the event loop, so that
# of several events in one tick only the first is sent, if it is volatile, and a microtask between
# them is not enough.
# It matters to whoever reports two things at once as volatile events: the second is never seen, and
# no test over a slow line shows it, for it does not depend on the line. Put both into one event.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund node@22.23.3 socket.io@4.8.4 socket.io-client@4.8.4
cat > volatile.mjs <<'EOF'
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Server } from "socket.io";
import { io } from "socket.io-client";
const http = createServer();
const server = new Server(http);
await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
const [atServer, atClient] = [[], []];
server.on("connection", (socket) => socket.onAny((name) => atServer.push(name)));
const client = io(`http://127.0.0.1:${http.address().port}`, { transports: ["websocket"] });
client.onAny((name) => atClient.push(name));
await new Promise((resolve) => client.on("connect", resolve));
const idle = () => sleep(300);

async function received(what, list, emit) {
  await idle();
  list.length = 0;
  await emit();
  await idle();
  console.log(`${what}: ${list.join(" ")}`);
}
await received("client, message and volatile", atServer, () => {
  client.emit("message");
  client.volatile.emit("typing");
});
await received("client, two volatile", atServer, () => {
  client.volatile.emit("typing");
  client.volatile.emit("cursor");
});
await received("client, a microtask between", atServer, async () => {
  client.volatile.emit("typing");
  await Promise.resolve();
  client.volatile.emit("cursor");
});
await received("client, a timer between", atServer, async () => {
  client.volatile.emit("typing");
  await sleep(20);
  client.volatile.emit("cursor");
});
await received("server, to everyone", atClient, () => {
  server.emit("message");
  server.volatile.emit("typing");
});
client.close();
server.close();
EOF
npx node volatile.mjs | tee seen
[ "$(cat seen)" = "client, message and volatile: message
client, two volatile: typing
client, a microtask between: typing
client, a timer between: typing cursor
server, to everyone: message" ]

#!/usr/bin/env bash
# Versions: npm socket.io and socket.io-client 4.8.4.
# The server has connectionStateRecovery. A client joins a room, loses its connection, and is back
# 0.6 s later. Meanwhile somebody says something in the room.
# Guess: what was said in the 0.6 s is delivered, for that is what recovery is for.
# Seen: only if the client had received an event before the loss. The client shows where it was by the
# offset of the last event; without one it sends nothing to recover by and gets a new session: no
# rooms, no data, no events, `recovered` is false.
# It matters to bots, which often sit in a quiet room: the first message after a long silence is the
# one that gets lost. Send each new connection an event (one without an acknowledgement) at once.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund socket.io@4.8.4 socket.io-client@4.8.4
cat > room.mjs <<'EOF'
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Server } from "socket.io";
import { io } from "socket.io-client";
for (const before of [["hello"], []]) {
  const http = createServer();
  const server = new Server(http, { connectionStateRecovery: {} });
  server.on("connection", (socket) => {
    if (!socket.recovered) socket.join("room");
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const client = io(`http://127.0.0.1:${http.address().port}`, {
    transports: ["websocket"],
    reconnectionDelay: 600,
    randomizationFactor: 0,
  });
  const heard = [];
  client.on("message", (text) => heard.push(text));
  await once(client, "connect");
  for (const text of before) server.to("room").emit("message", text);
  await delay(200);
  client.io.engine.close();
  await delay(200);
  server.to("room").emit("message", "meanwhile");
  await once(client, "connect");
  await delay(200);
  console.log(`events before: ${before.length}, recovered: ${client.recovered}, heard: ${heard}`);
  client.disconnect();
  await server.close();
}
EOF
seen=$(node room.mjs)
echo "$seen"
[ "$seen" = "events before: 1, recovered: true, heard: hello,meanwhile
events before: 0, recovered: false, heard: " ]

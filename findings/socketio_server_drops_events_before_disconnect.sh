#!/usr/bin/env bash
# Versions: npm socket.io and socket.io-client 4.8.4; PyPI python-socketio 5.18.1 with python-engineio
# 4.15.1, aiohttp 3.14.5.
# A client emits 50 events and calls disconnect() in the same tick, over WebSocket.
# Guess: one connection keeps the order, so the server handles 50 events and then the disconnection.
# Seen: the events are on the wire, before the disconnect packet, and the Python server handles all 50.
# The Node server handles some: it puts each event off to the next tick and drops it if the socket has
# been disconnected by then, which the disconnect packet in the same read does at once. How many remain
# depends on how TCP cut the stream (12 of 50, 0 of 2, 180 of 200 in one series).
# It matters to bots that say goodbye, or a last line, before they leave: wait for an acknowledgement
# of the last event before disconnect(). The order of the protocol alone does not keep it.
set -euo pipefail
folder=$(mktemp -d)
servers=()
trap 'for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund socket.io@4.8.4 socket.io-client@4.8.4
python3 -m venv python
python/bin/pip install --quiet python-socketio==5.18.1 python-engineio==4.15.1 aiohttp==3.14.5

cat > server.mjs <<'EOF'
import { createServer } from "node:http";
import { Server } from "socket.io";
const http = createServer();
let count = 0;
new Server(http).on("connection", (socket) => {
  socket.on("say", () => count++);
  socket.on("count", (ack) => {
    ack(count);
    count = 0;
  });
});
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
EOF
cat > server.py <<'EOF'
import asyncio
import socketio
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp")
app = web.Application()
server.attach(app)
count = 0

@server.event
async def say(_sid, _text):
    global count
    count += 1

@server.on("count")
async def read_count(_sid):
    global count
    result, count = count, 0
    return result

async def ready(runner):
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)

loop = asyncio.new_event_loop()
loop.run_until_complete(ready(web.AppRunner(app)))
loop.run_forever()
EOF
cat > client.mjs <<'EOF'
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { io } from "socket.io-client";
const open = async () => {
  const socket = io(`http://127.0.0.1:${process.argv[2]}`, { transports: ["websocket"], forceNew: true });
  await once(socket, "connect");
  return socket;
};
const seen = [];
for (let round = 0; round < 10; round++) {
  const talker = await open();
  for (let i = 0; i < 50; i++) talker.emit("say", "hello");
  talker.disconnect();
  await delay(200);
  const reader = await open();
  seen.push(await reader.timeout(2_000).emitWithAck("count"));
  reader.disconnect();
}
console.log(seen.join(" "));
EOF

node server.mjs > node.port &
servers+=("$!")
python/bin/python server.py > python.port &
servers+=("$!")
for kind in node python; do
  for _ in $(seq 100); do [ -s "$kind.port" ] && break; sleep 0.1; done
  node client.mjs "$(cat "$kind.port")" > "$kind.seen"
  echo "Of 50 events before disconnect(), ten times, server in $kind: $(cat "$kind.seen")"
done
[ "$(cat python.seen)" = "50 50 50 50 50 50 50 50 50 50" ]
[ "$(cat node.seen)" != "50 50 50 50 50 50 50 50 50 50" ]

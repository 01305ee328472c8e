#!/usr/bin/env bash
# Versions: npm socket.io and socket.io-client 4.8.4; PyPI python-socketio 5.18.1 with python-engineio
# 4.15.1, aiohttp 3.14.5.
# One side waits for an acknowledgement, up to 3 s, and the connection is lost after 0.3 s. When does
# the one who waits learn of it?
# Guess: at once, on all sides; an acknowledgement can only come over the connection that is gone.
# Seen: the npm client rejects at once ("socket has been disconnected"). The npm server, the Python
# client and the Python server wait until the timeout, though they have had their "disconnect" event;
# the npm server without a timeout keeps waiting for ever (here: 4 s).
# It matters to a server or bot that asks a question: race the wait against "disconnect" yourself, or
# everything behind it is held up for the whole timeout.
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
new Server(http).on("connection", (socket) => {
  socket.on("ignored", () => {});
  socket.on("drop me", () => socket.conn.close());
  socket.on("ask me", async () => {
    const start = Date.now();
    const after = () => `after ${Math.round((Date.now() - start) / 1000)} s`;
    const lasting = socket.emitWithAck("question").then(() => "an answer", () => "an error");
    await socket.timeout(3_000).emitWithAck("question").catch(() => {});
    console.log("npm server, timeout 3 s:", after());
    const late = new Promise((resolve) => setTimeout(resolve, 1_000, "nothing"));
    console.log("npm server, no timeout:", await Promise.race([lasting, late]), after());
  });
});
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
EOF
cat > server.py <<'EOF'
import asyncio, time
import socketio
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp")
app = web.Application()
server.attach(app)

@server.on("ask me")
async def ask_me(sid):
    start = time.monotonic()
    try:
        await server.call("question", to=sid, timeout=3)
    except socketio.exceptions.TimeoutError:
        pass
    print(f"Python server, timeout 3 s: after {round(time.monotonic() - start)} s", flush=True)

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
import { io } from "socket.io-client";
const [nodePort, pythonPort] = process.argv.slice(2);
for (const port of [nodePort, pythonPort]) {
  const options = { transports: ["websocket"], reconnection: false, forceNew: true };
  const socket = io(`http://127.0.0.1:${port}`, options);
  await once(socket, "connect");
  socket.on("question", () => {});
  socket.emit("ask me");
  const start = Date.now();
  const waiting = socket.timeout(3_000).emitWithAck("ignored").catch(({ message }) => message);
  setTimeout(() => socket.io.engine.close(), 300);
  const message = await waiting;
  if (port !== nodePort) continue;
  console.log(`npm client, timeout 3 s: after ${Math.round((Date.now() - start) / 1000)} s, ${message}`);
}
EOF
cat > client.py <<'EOF'
import asyncio, sys, time
import socketio

async def main():
    client = socketio.AsyncClient(reconnection=False)
    await client.connect(f"http://127.0.0.1:{sys.argv[1]}", transports=["websocket"])
    start = time.monotonic()
    waiting = asyncio.create_task(client.call("ignored", timeout=3))
    await asyncio.sleep(0.3)
    await client.emit("drop me")
    try:
        await waiting
    except socketio.exceptions.TimeoutError:
        pass
    print(f"Python client, timeout 3 s: after {round(time.monotonic() - start)} s")

asyncio.run(main())
EOF

node server.mjs > node.out &
servers+=("$!")
python/bin/python server.py > python.out &
servers+=("$!")
for _ in $(seq 100); do [ -s node.out ] && [ -s python.out ] && break; sleep 0.1; done
node client.mjs "$(head -1 node.out)" "$(head -1 python.out)" > seen
python/bin/python client.py "$(head -1 node.out)" >> seen
sleep 2
tail -q -n +2 node.out python.out >> seen
cat seen
[ "$(cat seen)" = "npm client, timeout 3 s: after 0 s, socket has been disconnected
Python client, timeout 3 s: after 3 s
npm server, timeout 3 s: after 3 s
npm server, no timeout: nothing after 4 s
Python server, timeout 3 s: after 3 s" ]

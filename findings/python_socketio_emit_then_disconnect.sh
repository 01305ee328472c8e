#!/usr/bin/env bash
# Versions: PyPI python-socketio 5.18.1 with python-engineio 4.15.1, aiohttp 3.14.5; npm socket.io and
# socket.io-client 4.8.4.
# A script connects over WebSocket, says something with `await client.emit(...)`, and disconnects.
# Guess: awaiting emit() means that the event was written, so it arrives; at worst the last of many
# is lost.
# Seen: nothing arrives, neither 1 event nor any of 200, on a Python and on a Node server. emit() only
# puts a packet in a queue, and disconnect() closes the WebSocket before the queue is emptied. With
# call(), which waits for an acknowledgement, all arrive.
# It matters to everyone who sends one message from a script: a "message" without a wait for its
# acknowledgement is not a message.
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
  socket.on("say", (_text, ack) => {
    count++;
    ack?.("ok");
  });
  socket.on("count", (ack) => {
    ack(count);
    count = 0;
  });
});
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
EOF
cat > server.py <<'EOF'
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
    return "ok"

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

import asyncio
loop = asyncio.new_event_loop()
loop.run_until_complete(ready(web.AppRunner(app)))
loop.run_forever()
EOF
cat > client.py <<'EOF'
import asyncio, sys
import socketio

url = f"http://127.0.0.1:{sys.argv[1]}"

async def arrived():
    async with socketio.AsyncSimpleClient() as client:
        await client.connect(url, transports=["websocket"])
        return await client.call("count")

async def main():
    for number, verb in ((1, "emit"), (200, "emit"), (5, "call")):
        client = socketio.AsyncClient()
        await client.connect(url, transports=["websocket"])
        for _ in range(number):
            await getattr(client, verb)("say", "hello")
        await client.disconnect()
        await asyncio.sleep(0.5)
        print(f"{verb} {number}, arrived {await arrived()}")

asyncio.run(main())
EOF

result=""
for kind in node python; do
  if [ "$kind" = node ]; then node server.mjs > "$kind.port" & else python/bin/python server.py > "$kind.port" & fi
  servers+=("$!")
  for _ in $(seq 100); do [ -s "$kind.port" ] && break; sleep 0.1; done
  seen=$(python/bin/python client.py "$(cat "$kind.port")")
  printf 'Server in %s:\n%s\n' "$kind" "$seen"
  result+="$(echo "$seen" | grep -o '[0-9]*$' | tr '\n' ' ')"
done
[ "$result" = "0 0 5 0 0 5 " ]

#!/usr/bin/env bash
# Versions: npm deno 2.9.6, node 22.23.3.
# A WebSocket is open, and the server goes away without a close frame: its process ends, or it resets
# the connection. What does the client's "close" event say?
# Guess: code 1006 in every runtime, as the WebSocket standard has it for a connection that was lost.
# Seen: Node says 1006; Deno says 0, after an "error" event. wasClean is false in both.
# It matters to bots that decide by the code whether to reconnect: `event.code === 1006` never holds in
# Deno. Ask for wasClean, or treat every code that is not known to be final as a loss.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3
cat > server.mjs <<'EOF'
import { createHash } from "node:crypto";
import { createServer } from "node:http";
const server = createServer().on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  socket.on("error", () => {});
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}\r\n\r\n`,
  );
  setTimeout(() => {
    if (process.argv[2] === "reset") socket.resetAndDestroy();
    else process.exit();
    server.close();
  }, 300);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
EOF
cat > client.mjs <<'EOF'
const socket = new WebSocket(`ws://127.0.0.1:${process.env.SERVER_PORT}/`);
const events = [];
for (const type of ["open", "error"]) socket.addEventListener(type, () => events.push(type));
socket.addEventListener("close", ({ code, wasClean }) => {
  console.log(...events, "close", code, "wasClean", wasClean);
});
EOF
sed -i '1i import process from "node:process";' client.mjs
for how in exit reset; do
  for runtime in deno node; do
    npx node server.mjs "$how" > port &
    for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
    if [ "$runtime" = deno ]; then run=(npx deno run --no-config --allow-net --allow-env); else run=(npx node); fi
    line="$how, $runtime: $(SERVER_PORT=$(cat port) "${run[@]}" client.mjs)"
    echo "$line" | tee -a seen
    wait
    : > port
  done
done
[ "$(cat seen)" = "exit, deno: open error close 0 wasClean false
exit, node: open close 1006 wasClean false
reset, deno: open error close 0 wasClean false
reset, node: open close 1006 wasClean false" ]

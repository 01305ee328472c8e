#!/usr/bin/env bash
# Versions: npm deno 2.9.6, node 22.23.3, bun 1.4.5.
# A client calls close() on its WebSocket. The server has three more messages on the way, and sends
# them before it answers with its own close frame. Are there "message" events for them?
# Guess: no, in every runtime; the WebSocket standard drops messages unless the state is OPEN.
# Seen: Node and Bun drop the three. Deno delivers them all, in the state CLOSING.
# It matters to bots that close their connection to stop: in Deno a handler runs once more after the
# stop, perhaps with its database closed already. Ignore messages by a flag of one's own, or remove
# the listener before close().
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3 bun@1.4.5
cat > server.mjs <<'EOF'
import { createHash } from "node:crypto";
import { createServer } from "node:http";
const text = (it) => Buffer.concat([Buffer.from([0x81, it.length]), Buffer.from(it)]);
const server = createServer().on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  socket.on("error", () => {});
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}\r\n\r\n`,
  );
  socket.write(text("hello"));
  // The first bytes of the client are its close frame.
  socket.once("data", () => {
    socket.write(Buffer.concat([text("one"), text("two"), text("three")]));
    setTimeout(() => socket.end(Buffer.from([0x88, 2, 0x03, 0xe8])), 200);
    server.close();
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
EOF
cat > client.mjs <<'EOF'
import process from "node:process";
const socket = new WebSocket(`ws://127.0.0.1:${process.env.SERVER_PORT}/`);
const late = [];
socket.addEventListener("message", ({ data }) => {
  if (data === "hello") socket.close(1000);
  else late.push(`${data} in state ${socket.readyState}`);
});
socket.addEventListener("close", ({ code, wasClean }) => {
  console.log(`${late.length} after close() (${late.join(", ")}), closed ${code} ${wasClean}`);
});
EOF
for runtime in deno node bun; do
  npx node server.mjs > port &
  for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
  case $runtime in
    deno) run=(npx deno run --no-config --allow-net --allow-env client.mjs) ;;
    *) run=(npx "$runtime" client.mjs) ;;
  esac
  echo "$runtime: $(SERVER_PORT=$(cat port) "${run[@]}")" | tee -a seen
  wait
  : > port
done
[ "$(cat seen)" = "deno: 3 after close() (one in state 2, two in state 2, three in state 2), closed 1000 true
node: 0 after close() (), closed 1000 true
bun: 0 after close() (), closed 1000 true" ]

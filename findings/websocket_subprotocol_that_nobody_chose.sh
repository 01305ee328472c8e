#!/usr/bin/env bash
# Versions: npm deno 2.9.6, node 22.23.3, bun 1.4.5; server ws 8.21.3 on node.
# A client asks for a subprotocol: new WebSocket(url, ["chat.v2"]). The server does not know it, and
# answers the handshake without choosing one. Is the connection made?
# Guess: no, in every runtime: the standard has a client fail the connection if it asked for a
# subprotocol and the answer names none.
# Seen: it fails in Node and Bun. Deno opens it, with an empty `protocol`, and messages flow. A
# message's `origin` differs too: in Deno it is the whole URL of the connection, in Bun and Node its
# origin.
# It matters to clients that name a version, or carry a token, as a subprotocol: in Deno an old or
# wrong server is not noticed. Compare socket.protocol on "open".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3 bun@1.4.5 ws@8.21.3
cat > server.mjs <<'EOF'
import { WebSocketServer } from "ws";
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, handleProtocols: () => false });
server.on("connection", (socket) => {
  socket.on("error", () => {});
  socket.send("hello");
});
server.on("listening", () => console.log(server.address().port));
EOF
cat > client.mjs <<'EOF'
import process from "node:process";
const url = `ws://127.0.0.1:${process.env.SERVER_PORT}/room`;
const connect = (...protocols) =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, ...protocols);
    socket.addEventListener("error", () => resolve("failed"));
    socket.addEventListener("message", ({ data, origin }) => {
      const path = origin.endsWith("/room") ? "whole URL" : "origin";
      resolve(`open, protocol "${socket.protocol}", ${data}, origin is the ${path}`);
      socket.close();
    });
  });
console.log(`none asked: ${await connect()}`);
console.log(`one asked: ${await connect(["chat.v2"])}`);
process.exit();
EOF
./node_modules/.bin/node server.mjs > port &
trap 'kill %1 2> /dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
for runtime in deno node bun; do
  case $runtime in
    deno) run=(npx deno run --no-config --allow-net --allow-env client.mjs) ;;
    *) run=(npx "$runtime" client.mjs) ;;
  esac
  SERVER_PORT=$(cat port) "${run[@]}" | sed "s/^/$runtime, /" | tee -a seen
done
[ "$(cat seen)" = 'deno, none asked: open, protocol "", hello, origin is the whole URL
deno, one asked: open, protocol "", hello, origin is the whole URL
node, none asked: open, protocol "", hello, origin is the origin
node, one asked: failed
bun, none asked: open, protocol "", hello, origin is the origin
bun, one asked: failed' ]

#!/usr/bin/env bash
# Versions: npm deno 2.9.6, node 22.23.3 with ws 8.21.3, bun 1.4.5.
# A chat server is stopped gracefully while a client's WebSocket is open: Deno.serve's shutdown(),
# node:http's close(), Bun.serve's stop(). The client has a question under way, which the server
# answers after half a second. Does the answer come?
# Guess: yes; each of the three is described as waiting for what is open.
# Seen: Node and Bun wait for as long as the client stays, and the answer comes. Deno waits for HTTP
# requests alone: it closes every WebSocket at once with code 1001, and resolves. The answer is lost.
# Where the WebSocket server is node:http's, Deno waits too.
# It matters to whoever moves a server to Deno.serve and counts on shutdown() to let answers out:
# wait for them yourself, then call it. And to whoever moves away from it: Node and Bun never end as
# long as one client stays, unless each socket is closed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3 bun@1.4.5 ws@8.21.3
cat > client.mjs <<'EOF'
export function ask(port, stop) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  const events = [];
  socket.addEventListener("open", () => socket.send("question"));
  socket.addEventListener("message", ({ data }) => {
    events.push(data);
    if (data === "received") stop().then(() => events.push("stopped"));
    else socket.close();
  });
  // A second is for "stopped" to come, wherever it comes last.
  socket.addEventListener("close", ({ code }) => {
    events.push(code === 1001 ? "closed 1001" : "closed");
    setTimeout(() => console.log(events.join(", ")), 1000);
  });
}
export function answer(send) {
  send("received");
  setTimeout(() => send("answer"), 500);
}
EOF
cat > deno.mjs <<'EOF'
import { answer, ask } from "./client.mjs";
const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.addEventListener("message", () => {
    answer((text) => socket.readyState === WebSocket.OPEN && socket.send(text));
  });
  return response;
});
ask(server.addr.port, () => server.shutdown());
EOF
cat > node.mjs <<'EOF'
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { answer, ask } from "./client.mjs";
const server = createServer();
new WebSocketServer({ server }).on("connection", (socket) => {
  socket.on("message", () => answer((text) => socket.send(text)));
});
server.listen(0, "127.0.0.1", () => {
  ask(server.address().port, () => new Promise((resolve) => server.close(resolve)));
});
EOF
cat > bun.mjs <<'EOF'
import { answer, ask } from "./client.mjs";
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request, server) => server.upgrade(request) ? undefined : new Response(),
  websocket: { message: (socket) => answer((text) => socket.send(text)) },
});
ask(server.port, () => server.stop());
EOF
{
  echo "Deno.serve: $(npx deno run --no-config --allow-net deno.mjs)"
  echo "node:http in Deno: $(npx deno run --allow-all node.mjs)"
  echo "node:http in Node: $(npx node node.mjs)"
  echo "Bun.serve: $(npx bun bun.mjs)"
} | tee seen
grep -qx "Deno.serve: received, stopped, closed 1001" seen
grep -qx "node:http in Deno: received, answer, closed, stopped" seen
grep -qx "node:http in Node: received, answer, closed, stopped" seen
grep -qE "^Bun.serve: received, answer, (closed, stopped|stopped, closed)$" seen

#!/usr/bin/env bash
# Versions: npm deno 2.9.6, node 22.23.3, bun 1.4.5.
# A bot calls an HTTP API by fetch() with POST, "send a message". An earlier call has left a connection
# open. The server reads the request, and its process ends before it answers. How often has the server
# seen the request?
# Guess: once, in every runtime, and fetch() rejects; a POST is not safe to repeat, and nobody knows
# whether it was done.
# Seen: fetch() rejects in all three. In Node the server has seen it once. Bun sends GET and PUT a
# second time on its own, but not POST. Deno sends everything a second time, POST included; on a
# connection that is new it does not, nor with a stream as the body, nor with a client without a pool
# (Deno.createHttpClient({ poolMaxIdlePerHost: 0 })).
# It matters to whatever is sent by POST and must happen once: payments, messages, mails. Give the
# call an idempotency key, or a client of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.3 bun@1.4.5
cat > server.mjs <<'EOF'
import { createServer } from "node:http";
const seen = {};
const server = createServer(async (request, response) => {
  await request.toArray();
  const path = request.url.slice(1);
  if (path === "hello") return void response.end("hello");
  if (path === "seen") {
    response.end(JSON.stringify(seen));
    return void server.close();
  }
  seen[path] = (seen[path] ?? 0) + 1;
  // In place of the end of the process, so that one server does for all requests.
  request.socket.destroy();
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
EOF
cat > client.mjs <<'EOF'
import process from "node:process";
const server = `http://127.0.0.1:${process.env.SERVER_PORT}/`;
async function lose(name, options, kept = true) {
  if (kept) await (await fetch(server + "hello")).text();
  await fetch(server + name, options).then(
    () => console.log(`${name} was answered`),
    () => {},
  );
}
await lose("newPost", { method: "POST", body: "text" }, false);
await lose("get", {});
await lose("put", { method: "PUT", body: "text" });
await lose("post", { method: "POST", body: "text" });
if (typeof Deno !== "undefined") {
  await lose("streamPost", { method: "POST", body: new Blob(["text"]).stream() });
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  await lose("noPoolPost", { method: "POST", body: "text", client });
}
console.log(await (await fetch(server + "seen")).text());
EOF
for runtime in deno node bun; do
  npx node server.mjs > port &
  for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
  case $runtime in
    deno) run=(npx deno run --no-config --allow-all client.mjs) ;;
    *) run=(npx "$runtime" client.mjs) ;;
  esac
  echo "$runtime: $(SERVER_PORT=$(cat port) timeout 60 "${run[@]}")" | tee -a seen
  kill %% 2> /dev/null || true
  wait
  : > port
done
[ "$(cat seen)" = 'deno: {"newPost":1,"get":2,"put":2,"post":2,"streamPost":1,"noPoolPost":1}
node: {"newPost":1,"get":1,"put":1,"post":1}
bun: {"newPost":1,"get":2,"put":2,"post":1}' ]

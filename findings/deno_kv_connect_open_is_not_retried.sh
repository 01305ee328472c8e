#!/usr/bin/env bash
# Versions: npm deno 2.9.6.
# A program uses a KV server (KV Connect) through Deno.openKv(URL). The server restarts, which takes two
# seconds. Meanwhile the program reads a key through its open database, and opens another one.
# Guess: both wait for the server, or both fail. An outage is an outage.
# Seen: the read waits, is repeated by Deno, and is answered when the server is back. openKv fails within
# milliseconds with a TypeError: "Could not open Deno KV database: failed to connect to …".
# It matters to whoever opens databases while a program runs, as for several handles, and to programs that
# start together with their server: repeat openKv while its message says "failed to connect".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund deno@2.9.6
cat > outage.ts <<'EOF'
// As much of KV Connect as it takes to open a database and to read a key that does not exist.
const port = Number(Deno.args[0]);
const url = `http://127.0.0.1:${port}`;
const id = crypto.randomUUID();
const serve = () =>
  Deno.serve({ port, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    await request.arrayBuffer();
    if (new URL(request.url).pathname === "/") {
      const endpoints = [{ url: `${url}/v2`, consistency: "strong" }];
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      return Response.json({ version: 3, databaseId: id, endpoints, token: "t", expiresAt });
    }
    const nothing = Uint8Array.of(0x0a, 0, 0x20, 1, 0x40, 1);
    return new Response(nothing, { headers: { "content-type": "application/x-protobuf" } });
  });
const seconds = (start: number) => ((performance.now() - start) / 1_000).toFixed(1);

let server = serve();
const kv = await Deno.openKv(url);
console.log(`before: read ${JSON.stringify((await kv.get(["a"])).value)}`);
await server.shutdown();
const start = performance.now();
const read = kv.get(["a"]).then(
  () => console.log(`the read is answered after ${seconds(start)} s`),
  (error) => console.log(`the read fails after ${seconds(start)} s: ${error}`),
);
await Deno.openKv(url).then(
  () => console.log(`openKv is done after ${seconds(start)} s`),
  (error) => console.log(`openKv fails after ${seconds(start)} s: ${error}`),
);
await new Promise((resolve) => setTimeout(resolve, 2_000));
server = serve();
await read;
Deno.exit();
EOF
deno=$(find node_modules -type f -name deno -perm -u+x | head -n 1)
DENO_KV_ACCESS_TOKEN=a-token-of-a-finding timeout 60 "$deno" run --no-config --unstable-kv --allow-net \
  --allow-env outage.ts 47113 2> log | tee seen
grep -c 'KV Connect failed to call' log | sed 's/$/ lines of Deno about calls that it repeats/'
grep -q '^openKv fails after 0\.. s: TypeError: Could not open Deno KV database: failed to connect' seen
grep -Eq '^the read is answered after [2-9]\.. s$' seen

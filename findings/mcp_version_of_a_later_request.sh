#!/usr/bin/env bash
# Versions: npm @modelcontextprotocol/server 2.4.0 (serveStdio), node 20 and later; specification 2026-07-28.
# There every request names the version it is meant in, and a server that does not implement it must
# answer UnsupportedProtocolVersionError (-32022) with the versions that it does implement.
# Guess: a request in the version "1999-01-01" gets that answer, whichever request of the connection it is.
# Seen: as the first message it does; after one request of 2026-07-28 the same request is served, and its
# result does not say in which version. The entry looks at the version while it decides which generation
# the connection speaks, and never again. (A request that names no version at all is refused later, too:
# -32602.)
# It matters to tools that probe a running server for newer versions: on stdio they must start it anew for
# each version. The conformance suite (0.2.0-alpha.12, server-stateless) finds it only behind a bridge
# that keeps one process for all requests.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @modelcontextprotocol/server@2.4.0
cat > server.mjs <<'EOF'
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
serveStdio(() => new McpServer({ name: "demo", version: "1" }, { capabilities: { tools: {} } }));
EOF
cat > host.mjs <<'EOF'
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

async function ask(versions) {
  const server = spawn(process.execPath, ["server.mjs"], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const seen = [];
  for (const [id, version] of versions.entries()) {
    const _meta = version === undefined ? {} : {
      "io.modelcontextprotocol/protocolVersion": version,
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    server.stdin.write(
      JSON.stringify({ jsonrpc: "2.0", id, method: "tools/list", params: { _meta } }) + "\n",
    );
    const { error, result } = JSON.parse((await answers.next()).value);
    seen.push(`${version}: ${error === undefined ? result.resultType : error.code}`);
  }
  server.stdin.end();
  return seen.join(", ");
}

console.log(await ask(["1999-01-01"]));
console.log(await ask(["2026-07-28", "1999-01-01"]));
EOF
node host.mjs | tee seen
[ "$(cat seen)" = "1999-01-01: -32022
2026-07-28: complete, 1999-01-01: complete" ]

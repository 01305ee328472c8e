#!/usr/bin/env bash
# Versions: npm @modelcontextprotocol/server 2.4.0; clients @modelcontextprotocol/client 2.4.0 and
# @modelcontextprotocol/sdk 1.32.2; node 20 and later, stdio.
# A tool sends its last progress report ("done"), awaits that it is sent, and returns. The client has an
# `onprogress`.
# Guess: the report was sent first and stdio keeps the order, so it arrives first: 200 calls, 200 reports.
# Seen: 39 to 155 of 200 arrive, with the clients of both generations. Notifications are handled a microtask
# later than results: where both lie in one read from the pipe, the result removes the handler before the
# report gets to it. Only `client.onerror` hears of it ("unknown token"). Reports that come in a read of
# their own arrive.
# It matters to a progress bar, which stays at 90 percent, and to a server whose last report is more than a
# number. Do not put anything into it that the result does not say as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @modelcontextprotocol/server@2.4.0 \
  @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/sdk@1.32.2
cat > server.mjs <<'EOF'
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
serveStdio(() => {
  const server = new McpServer({ name: "demo", version: "1" });
  server.registerTool("work", { description: "Reports once, at its end." }, async (ctx) => {
    const { progressToken } = ctx.mcpReq._meta;
    const params = { progressToken, progress: 1, total: 1, message: "done" };
    await ctx.mcpReq.notify({ method: "notifications/progress", params });
    return { content: [] };
  });
  return server;
});
EOF
cat > host.mjs <<'EOF'
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as Transport1 } from "@modelcontextprotocol/sdk/client/stdio.js";

const command = { command: process.execPath, args: ["server.mjs"] };
const call = { name: "work", arguments: {} };

async function lost(name, client, transport, work) {
  await client.connect(transport);
  let seen = 0;
  for (let count = 0; count < 200; count++) await work({ onprogress: () => seen++ });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await client.close();
  console.error(`${name}: ${seen} of 200 reports seen`);
  console.log(`${name}: ${seen === 200 ? "all seen" : "some lost"}`);
}

const v1 = new Client1({ name: "demo", version: "1" });
await lost("1.32.2", v1, new Transport1(command), (options) => v1.callTool(call, undefined, options));
const pin = { versionNegotiation: { mode: { pin: "2026-07-28" } } };
for (const [name, options] of [["2.4.0", {}], ["2.4.0 pinned", pin]]) {
  const client = new Client({ name: "demo", version: "1" }, options);
  await lost(name, client, new StdioClientTransport(command), (options) => client.callTool(call, options));
}
EOF
node host.mjs | tee seen
[ "$(cat seen)" = "1.32.2: some lost
2.4.0: some lost
2.4.0 pinned: some lost" ]

#!/usr/bin/env bash
# Versions: npm @modelcontextprotocol/server and client 2.4.0, node 20 and later; specification 2026-07-28.
# A tool reports its progress from the first second on, always rising, and answers in legs:
# inputRequired({ requestState }) makes the client repeat the call. The client shows `onprogress` to a user.
# Guess: onprogress gets what the server reports, which the specification wants to increase with each report.
# Seen: the client adds reports of its own to the same callback, one for each leg ("Fulfilling input
# required by 'tools/call' (round 1)"), and they count legs from 1: with a server that reports seconds, the
# value falls. The client's reports have no mark but their text.
# It matters to progress bars, and to servers that choose a unit: only a server that counts its legs as
# well looks right there. It is better to draw the message and not the number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @modelcontextprotocol/server@2.4.0 \
  @modelcontextprotocol/client@2.4.0
cat > server.mjs <<'EOF'
import { inputRequired, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
serveStdio(() => {
  const server = new McpServer({ name: "demo", version: "1" });
  server.registerTool("wait", { description: "Waits for three legs of ten seconds, in short." }, async (ctx) => {
    const leg = Number(ctx.mcpReq.requestState() ?? 0);
    const { progressToken } = ctx.mcpReq._meta ?? {};
    if (progressToken !== undefined) {
      const params = { progressToken, progress: 10 * (leg + 1), message: "seconds" };
      await ctx.mcpReq.notify({ method: "notifications/progress", params });
    }
    await new Promise((resolve) => setTimeout(resolve, 300)); // The work.
    return leg < 2 ? inputRequired({ requestState: `${leg + 1}` }) : { content: [] };
  });
  return server;
});
EOF
cat > host.mjs <<'EOF'
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
const client = new Client({ name: "demo", version: "1" }, {
  versionNegotiation: { mode: { pin: "2026-07-28" } },
});
await client.connect(new StdioClientTransport({ command: process.execPath, args: ["server.mjs"] }));
const seen = [];
await client.callTool({ name: "wait" }, {
  onprogress: ({ progress, message }) => seen.push(`${progress} ${message.split(" ")[0]}`),
});
console.log(seen.join(", "));
await client.close();
EOF
node host.mjs | tee seen
[ "$(cat seen)" = "10 seconds, 1 Fulfilling, 20 seconds, 2 Fulfilling, 30 seconds" ]

/**
 * A server with one tool, of nothing but the SDK: what `roomz mcp` is compared with.
 * @module
 */
import { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

const tool = { name: "ping", inputSchema: { type: "object" as const } };

serveStdio(() => {
  const server = new Server({ name: "bare", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler("tools/list", () => ({ tools: [tool] }));
  server.setRequestHandler("tools/call", () => ({ content: [] }));
  return server;
});

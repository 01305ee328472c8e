import { assert, assertEquals } from "@std/assert";
import {
  type Edge,
  evaluatedBefore,
  findViolations,
  loadedBy,
  readBefore,
  readEdges,
} from "./support/module_graph.ts";

const root = new URL("..", import.meta.url);

Deno.test("the folders import only what ARCHITECTURE.md allows", async () => {
  const edges = await readEdges(root);
  assert(edges.length > 50, "the graph was read");
  assertEquals(findViolations(edges), []);
});

Deno.test("the client's modules import nothing from outside client/", async () => {
  const loaded = await loadedBy(root, "client/mod.ts");
  assertEquals(loaded.filter((file) => !file.startsWith("client/")), []);
});

Deno.test("the bot's modules import nothing from outside bot/ and client/", async () => {
  const loaded = await loadedBy(root, "bot/mod.ts");
  assertEquals(loaded.filter((file) => !/^(bot|client)\//.test(file)), []);
});

Deno.test("importing the package loads client and bot, and no npm package", async () => {
  const loaded = await loadedBy(root, "mod.ts");
  assertEquals(loaded.filter((file) => file !== "mod.ts" && !/^(bot|client)\//.test(file)), []);
});

Deno.test("roomz starts without loading its commands, and from the client only errors and control characters", async () => {
  const start = await evaluatedBefore(root, "cli/main.ts");
  assert(start.includes("cli/program.ts"), "the graph was read");
  const other =
    /^((?!cli\/)(?!client\/base\/(errors|control_characters)\.ts|deno\.json)|cli\/(commands|chat)\/)/;
  const ours = start.filter((module) => !/^(npm|jsr|https|file|node):/.test(module));
  assertEquals(ours.filter((file) => other.test(file)), []);
});

Deno.test("roomz loads cliffy for help alone", async () => {
  const start = await evaluatedBefore(root, "cli/main.ts");
  assertEquals(start.filter((module) => /cliffy|commander/.test(module)), []);
});

Deno.test("only serve loads the development server", async () => {
  const read = await readBefore(root, "cli/main.ts");
  assert(read.includes("cli/commands/serve.ts"), "the graph was read");
  const other = /^dev_server\/|^npm:\/*(ws|jose)/;
  assertEquals(read.filter((file) => other.test(file)), []);
});

Deno.test("only mcp loads the SDK of the Model Context Protocol", async () => {
  const read = await readBefore(root, "cli/main.ts");
  assert(read.includes("cli/commands/mcp/mcp.ts"), "the graph was read");
  const other = /^cli\/commands\/mcp\/(?!mcp\.ts)|modelcontextprotocol/;
  assertEquals(read.filter((file) => other.test(file)), []);
});

Deno.test("cliffy is imported in one file", async () => {
  const edges = await readEdges(root);
  const importers = edges.filter(({ to }) => to.startsWith("@cliffy/")).map(({ from }) => from);
  assertEquals(new Set(importers).size, 1);
});

const forbidden: readonly Edge[] = [
  { from: "client/connection/roomz_connection.ts", to: "bot/mod.ts" },
  { from: "client/connection/roomz_connection.ts", to: "npm:socket.io-client@4.8.4" },
  { from: "client/connection/roomz_connection.ts", to: "node:fs" },
  { from: "bot/run_bot.ts", to: "dev_server/mod.ts" },
  { from: "bot/run_bot.ts", to: "npm:jose@6.2.18" },
  { from: "dev_server/chat.ts", to: "client/mod.ts" },
  { from: "cli/commands/send.ts", to: "mod.ts" },
  { from: "bot/run_bot.ts", to: "cli/mod.ts" },
];
for (const edge of forbidden) {
  Deno.test(`a module graph in which ${edge.from} imports ${edge.to} is refused`, () => {
    assertEquals(findViolations([edge]), [`${edge.from} must not import ${edge.to}`]);
  });
}

const wrongWay: readonly (readonly [from: string, to: string, reason: string])[] = [
  ["client/base/json.ts", "client/auth/auth_api.ts", "auth comes after base"],
  ["client/connection/roomz_connection.ts", "client/async_client.ts", "* comes after connection"],
  ["client/async_client.ts", "client/sync/sync_client.ts", "sync comes after *"],
  ["bot/handler/scope.ts", "bot/definition/definition.ts", "definition comes after handler"],
  ["bot/run/inbox.ts", "bot/mod.ts", "* comes after run"],
  ["cli/chat/screen.ts", "cli/commands/send.ts", "commands comes after chat"],
];
for (const [from, to, reason] of wrongWay) {
  Deno.test(`a module graph in which ${from} imports ${to} is refused: ${reason}`, () => {
    assertEquals(findViolations([{ from, to }]), [`${from} must not import ${to}: ${reason}`]);
    assertEquals(findViolations([{ from: to, to: from }]), []);
  });
}

Deno.test("a new folder in a package must be added to the order", () => {
  assertEquals(findViolations([{ from: "bot/new/a.ts", to: "bot/text/quoted_text.ts" }]), [
    "bot/new/a.ts is in a folder that is not in the order",
  ]);
});

Deno.test("a cycle in the module graph is refused", () => {
  const edges = [
    { from: "client/a.ts", to: "client/b.ts" },
    { from: "client/b.ts", to: "client/a.ts" },
  ];
  assertEquals(findViolations(edges), ["cycle: client/a.ts -> client/b.ts -> client/a.ts"]);
});

Deno.test("a forbidden import in a real module of the client is found", async () => {
  const copy = new URL(`file://${await Deno.makeTempDir()}/`);
  try {
    await Deno.mkdir(new URL("client/", copy));
    await Deno.mkdir(new URL("bot/", copy));
    await Deno.writeTextFile(new URL("deno.json", copy), "{}");
    await Deno.writeTextFile(new URL("bot/mod.ts", copy), "export type Name = string;");
    const client = 'import type { Name } from "../bot/mod.ts"; export const name: Name = "";';
    await Deno.writeTextFile(new URL("client/mod.ts", copy), client);
    assertEquals(findViolations(await readEdges(copy)), [
      "client/mod.ts must not import bot/mod.ts",
    ]);
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
});

/**
 * What nobody here wrote speaks to `roomz mcp`: the SDK's clients of 2025 and 2026, and the Inspector.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { reportSkipped } from "../../../support/skip.ts";
import { bareEnvironment } from "../../support/bare_environment.ts";
import { TestServer } from "../../support/test_server.ts";
import { mcpCommand } from "./support/line_process.ts";
import { type ToolResult, toolResult } from "./support/mcp_host.ts";

/** What both generations of clients have in common. */
interface SdkClient {
  connect(transport: unknown): Promise<void>;
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  close(): Promise<void>;
}

/** Where a generation's modules are, and the options that choose its version. */
interface Generation {
  readonly client: string;
  readonly transport: string;
  readonly options: Record<string, unknown>;
}

const V1 = "npm:@modelcontextprotocol/sdk@1.32.2/client";
const V2 = "npm:@modelcontextprotocol/client@2.4.0";
const generations: Readonly<Record<string, Generation>> = {
  "SDK 1.32.2": { client: `${V1}/index.js`, transport: `${V1}/stdio.js`, options: {} },
  "SDK 2.4.0 with its defaults": { client: V2, transport: `${V2}/stdio`, options: {} },
  "SDK 2.4.0 pinned to 2026-07-28": {
    client: V2,
    transport: `${V2}/stdio`,
    options: { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  },
};

/** A server, a phone in its room, and the environment of a host. */
async function scene() {
  const server = await TestServer.start();
  const phone = await AsyncClient.open(server.url, await server.session(), {
    displayName: "phone",
  });
  const heard: string[] = [];
  phone.on("message", ({ own, content }) => {
    if (own !== true) heard.push(content);
  });
  return {
    phone,
    heard,
    env: { ...bareEnvironment, ...await server.token() },
    async [Symbol.asyncDispose]() {
      await phone.disconnect();
      await server[Symbol.asyncDispose]();
    },
  };
}

for (const [name, { client, transport, options }] of Object.entries(generations)) {
  Deno.test(`the client of ${name} asks, is answered after several legs, and ends`, async (t) => {
    let modules: [
      { Client: new (info: unknown, options: unknown) => SdkClient },
      { StdioClientTransport: new (command: unknown) => unknown },
    ];
    try {
      // Computed, so that nobody needs them to check the types.
      modules = await Promise.all([import(client), import(transport)]);
    } catch (error) {
      const reason = error instanceof Error ? error.message.split("\n")[0] ?? "" : String(error);
      return void await t.step({
        name: reportSkipped(`the client of ${name}`, reason),
        ignore: true,
        fn() {},
      });
    }
    const [{ Client }, { StdioClientTransport }] = modules;
    await using room = await scene();
    const sdk = new Client({ name: "sdk-client", version: "1" }, options);
    await sdk.connect(
      new StdioClientTransport({ ...mcpCommand(["--leg", "1"]), env: room.env, stderr: "inherit" }),
    );
    try {
      const call = async (tool: string, args: Record<string, unknown>): Promise<ToolResult> => {
        return toolResult(await sdk.callTool({ name: tool, arguments: args }));
      };
      const { tools } = await sdk.listTools();
      assertEquals(tools.length, 5);
      assertEquals((await call("list_devices", {})).structured.this_device, "sdk-client");
      assert((await call("send_message", { text: "x".repeat(1_000_000) })).isError);
      setTimeout(() => void room.phone.send("yes"), 2_500);
      let result = await call("ask_human", { question: "Deploy?", choices: ["yes", "no"] });
      while (result.structured.status === "waiting") {
        result = await call("ask_human", { handle: result.structured.handle });
      }
      assertEquals(result.structured.answer, "yes");
      assertEquals(room.heard.filter((text) => /Deploy/.test(text)).length, 1);
    } finally {
      const start = performance.now();
      await sdk.close();
      assert(performance.now() - start < 2_000, "it ended before it was killed");
    }
  });
}

const inspector = Deno.env.get("TEST_MCP_INSPECTOR");
Deno.test("the Inspector's command line calls tools in both eras", async (t) => {
  if (inspector === undefined) {
    const reason = "TEST_MCP_INSPECTOR names no folder with it and Node 22.19 (npm i node@22 " +
      "@modelcontextprotocol/inspector@2.12.0)";
    return void await t.step({
      name: reportSkipped("the Inspector's command line", reason),
      ignore: true,
      fn() {},
    });
  }
  await using room = await scene();
  for (const era of ["legacy", "modern"]) {
    const inspect = async (...options: string[]) => {
      const { command, args } = mcpCommand(["--leg", "2"]);
      const { code, stdout, stderr } = await new Deno.Command(
        `${inspector}/node_modules/.bin/node`,
        {
          args: [
            `${inspector}/node_modules/.bin/mcp-inspector`,
            ...["--cli", "--protocol-era", era, ...options],
            // It passes on no variable that it is not given for the server.
            ...Object.entries(room.env).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
            ...["--", command, ...args],
          ],
          env: room.env,
        },
      ).output();
      const text = new TextDecoder();
      return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
    };
    const listed = await inspect("--strict", "--method", "tools/list");
    assertEquals(listed.code, 0, listed.stderr);
    assertMatch(listed.stdout, /ask_human/);
    assertEquals(listed.stderr.includes("Warning"), false, listed.stderr);
    const call = ["--method", "tools/call", "--tool-name"];
    const sent = await inspect(...call, "send_message", "--tool-arg", "text=hello");
    assertEquals(sent.code, 0, sent.stderr);
    assertMatch(sent.stdout, /message_id/);
    assertEquals((await inspect(...call, "read_messages", "--tool-arg", "limit=0")).code, 5);
    setTimeout(() => void room.phone.send("12"), era === "modern" ? 3_500 : 1_500);
    const asked = ["--tool-arg", "question=How many?", "--tool-arg", "type=int"];
    const answered = await inspect(...call, "ask_human", ...asked);
    assertEquals(answered.code, 0, answered.stderr);
    assertMatch(answered.stdout, era === "modern" ? /"answer": 12/ : /"answer": 12|waiting/);
  }
});

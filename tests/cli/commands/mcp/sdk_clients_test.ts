/**
 * What nobody here wrote speaks to `roomz mcp`: the SDK's clients of 2025 and 2026, and the Inspector.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { skip, skipRest } from "../../../support/skip.ts";
import { bareEnvironment } from "../../support/bare_environment.ts";
import { TestServer } from "../../support/test_server.ts";
import { mcpCommand } from "./support/line_process.ts";
import { SDK_CLIENTS, SdkClient } from "./support/sdk_client.ts";

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

for (const [name, generation] of Object.entries(SDK_CLIENTS)) {
  Deno.test(`the client of ${name} asks, is answered after several legs, and ends`, async (t) => {
    await using room = await scene();
    let sdk: SdkClient;
    try {
      sdk = await SdkClient.open(generation, ["--leg", "1"], room.env);
    } catch (error) {
      if (!/npm package|npm registry|Could not (find|resolve)/i.test(`${error}`)) throw error;
      return await skipRest(t, `the client of ${name}`, "npm does not have it here");
    }
    try {
      assertEquals((await sdk.tools()).length, 5);
      assertEquals((await sdk.call("list_devices")).structured.this_device, "sdk-client");
      assert((await sdk.call("send_message", { text: "x".repeat(1_000_000) })).isError);
      setTimeout(() => void room.phone.send("yes"), 2_500);
      const question = { question: "Deploy?", choices: ["yes", "no"] };
      const { structured } = await sdk.callUntilDone("ask_human", question);
      assertEquals(structured.answer, "yes");
      assertEquals(room.heard.filter((text) => /Deploy/.test(text)).length, 1);
    } finally {
      const start = performance.now();
      await sdk.close();
      assert(performance.now() - start < 2_000, "it ended before it was killed");
    }
  });
}

const inspector = Deno.env.get("TEST_MCP_INSPECTOR");
if (inspector === undefined) {
  skip(
    "the Inspector's command line",
    "TEST_MCP_INSPECTOR names no folder with it and Node 22.19 (npm i node@22 " +
      "@modelcontextprotocol/inspector@2.12.0)",
  );
} else {
  Deno.test("the Inspector's command line calls tools in both eras", async () => {
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
}

/**
 * The end of the process, as hosts cause it: they close stdin, and kill it after 2 s.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { mintSession, TEST_EMAILS } from "../../../contract/support/target.ts";
import { ServerProcess } from "../../../faults/support/server_process.ts";
import { within } from "../../../support/within.ts";
import { LineProcess } from "./support/line_process.ts";

/** When hosts send SIGTERM, and what a busy machine may add to it. */
const LIMIT = 2_000 + 1_000;

const token = await mintSession(TEST_EMAILS[0] ?? "");
const INITIALIZE = {
  jsonrpc: "2.0",
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "host", version: "1" },
  },
};
const ask = (question: string) => ({
  jsonrpc: "2.0",
  id: "asked",
  method: "tools/call",
  params: { name: "ask_human", arguments: { question } },
});

/** Ends a process by `end`; the exit code, and how long it took. */
async function timed(process: LineProcess, end: () => void): Promise<[code: number, took: number]> {
  const start = performance.now();
  end();
  const { code } = await within(10_000, "the end of roomz mcp", process.status);
  return [code, performance.now() - start];
}

const ends = ["stdin closes", "SIGTERM"] as const;
const moments = [
  "before any request",
  "after the first exchange",
  "with an open question",
  "while the server is silent",
] as const;
for (const end of ends) {
  for (const moment of moments) {
    // A signal that comes before it listens for signals ends it as it ends any program.
    if (end === "SIGTERM" && moment === "before any request") continue;
    Deno.test({
      name: `the process ends in time: ${end} ${moment}`,
      ignore: Deno.build.os === "windows",
      async fn() {
        await using server = await ServerProcess.start();
        const state = await Deno.makeTempDir();
        const env = { ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN: token, XDG_STATE_HOME: state };
        await using phone = await AsyncClient.open(server.url, token, { displayName: "phone" });
        const process = new LineProcess([], env);
        const heard = phone.messages();
        if (moment !== "before any request") await process.request(INITIALIZE);
        if (moment === "with an open question" || moment === "while the server is silent") {
          process.write(ask("Go on?"));
          assert(/^Go on\?/.test((await heard.next()).value.content));
        }
        if (moment === "while the server is silent") server.pause();
        const [code, took] = await timed(process, () => {
          if (end === "SIGTERM") process.kill("SIGTERM");
          else void process.close();
        });
        assertEquals(code, 0);
        assert(took < LIMIT, `${took} ms`);
        if (moment === "with an open question") {
          assert(/^Withdrawn/.test((await heard.next()).value.content));
        }
        server.resume();
        await Deno.remove(state, { recursive: true });
      },
    });
  }
}

Deno.test("an unreachable server does not hold the end up", async () => {
  // Nothing answers there: the address is reserved for documentation.
  const process = new LineProcess([], {
    ROOMZ_SERVER_URL: "http://192.0.2.1:8000",
    ROOMZ_TOKEN: token,
    HOME: "/nonexistent",
  });
  await process.request(INITIALIZE);
  process.write(ask("Anyone?"));
  const [code, took] = await timed(process, () => void process.close());
  assertEquals(code, 0);
  assert(took < LIMIT, `${took} ms`);
});

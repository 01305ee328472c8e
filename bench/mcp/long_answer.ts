/**
 * A question that a person answers after longer than hosts wait for a call: every client with its default
 * limits, at the same time, on the real server (or, without Python, on the development server).
 *
 * `deno task bench:mcp:answer [SECONDS]`, 130 by default. TEST_MCP_INSPECTOR as for the tests.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { devTarget } from "../../tests/contract/support/dev_target.ts";
import { findPythonWithRoomz } from "../../tests/contract/support/python_environment.ts";
import { realTarget } from "../../tests/contract/support/real_server.ts";
import { mintSession, TEST_EMAILS } from "../../tests/contract/support/target.ts";
import { bareEnvironment } from "../../tests/cli/support/bare_environment.ts";
import { mcpCommand } from "../../tests/cli/commands/mcp/support/line_process.ts";
import { SDK_CLIENTS, SdkClient } from "../../tests/cli/commands/mcp/support/sdk_client.ts";

const seconds = Number(Deno.args[0] ?? 130);
const QUESTION = "Deploy 1.4 to production?";
const ASK = { question: QUESTION, choices: ["yes", "not now"] };

/** What a client got, and in how many calls. */
interface Got {
  readonly answer: unknown;
  readonly calls: string;
}

type Client = (env: Record<string, string>) => Promise<Got>;

const found = await findPythonWithRoomz();
const target = "python" in found ? realTarget(found.python) : devTarget;
const server = await target.start({});
const inspector = Deno.env.get("TEST_MCP_INSPECTOR");
const clients: Record<string, Client> = {
  ...Object.fromEntries(
    Object.entries(SDK_CLIENTS).map((
      [name, generation],
    ): [string, Client] => [name, async (env) => {
      const sdk = await SdkClient.open(generation, [], env);
      const { structured, text } = await sdk.callUntilDone("ask_human", ASK);
      await sdk.close();
      return { answer: structured?.answer ?? text, calls: `${sdk.calls}` };
    }]),
  ),
  ...(inspector !== undefined && {
    "Inspector 2.12.0 --protocol-era modern": (env: Record<string, string>) =>
      inspect(inspector, env),
  }),
};
console.log(`${target.name}, an answer after ${seconds} s`);
try {
  await Promise.all(
    Object.entries(clients).map(async ([name, client], at) => {
      const token = await mintSession(TEST_EMAILS[at] ?? "");
      const state = await Deno.makeTempDir();
      await using phone = await AsyncClient.open(server.url, token, { displayName: "phone" });
      let questions = 0;
      phone.on("message", ({ own, content }) => {
        if (own === true || !content.startsWith(QUESTION)) return;
        if (questions++ === 0) setTimeout(() => void phone.send("Not now"), seconds * 1_000);
      });
      const env = {
        ...bareEnvironment,
        ROOMZ_SERVER_URL: server.url,
        ROOMZ_TOKEN: token,
        XDG_STATE_HOME: state,
      };
      const { answer, calls } = await client(env);
      const verdict = answer === "not now" && questions === 1 ? "right" : "WRONG";
      console.log(`${name.padEnd(42)}${questions} question, ${calls} calls, ${answer}: ${verdict}`);
      await Deno.remove(state, { recursive: true });
    }),
  );
} finally {
  await server.stop();
}

/** One call on the Inspector's command line, which polls the task by itself. */
async function inspect(folder: string, env: Record<string, string>): Promise<Got> {
  const { command, args } = mcpCommand([]);
  const { stdout, stderr } = await new Deno.Command(`${folder}/node_modules/.bin/node`, {
    args: [
      `${folder}/node_modules/.bin/mcp-inspector`,
      ...[
        "--cli",
        "--protocol-era",
        "modern",
        "--method",
        "tools/call",
        "--tool-name",
        "ask_human",
      ],
      ...["--tool-arg", `question=${QUESTION}`, `choices=${JSON.stringify(ASK.choices)}`],
      ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      ...["--", command, ...args],
    ],
  }).output();
  const decoder = new TextDecoder();
  const [, answer] = /"answer": "(.*?)"/.exec(decoder.decode(stdout)) ?? [];
  return { answer: answer ?? decoder.decode(stderr), calls: "1" };
}

import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { watchReader } from "../../../cli/terminal/reader_left.ts";
import { RUN_FLAGS } from "../../../cli/config/permissions.ts";
import { reportSkipped } from "../../support/skip.ts";
import { bareEnvironment } from "../support/bare_environment.ts";
import { denoConfig } from "../support/deno_config.ts";
import { TestHome } from "../support/test_home.ts";
import { TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

const root = fromFileUrl(new URL("../../../", import.meta.url));
const canPoll = ["linux", "darwin"].includes(Deno.build.os);
if (!canPoll) reportSkipped("that commands notice a closed pipe", "this system has no poll(2)");

const BOT = `
import { defineBot } from "@roomz/roomz/bot";
export default defineBot({ name: "echo", prefix: "!", commands: { "ping": "pong" } });
`;

interface Piped extends AsyncDisposable {
  /** Resolves to the exit code of `roomz`; undefined if it still runs after five seconds. */
  readonly ended: Promise<string | undefined>;
}

/** Runs `roomz ARGS | READER` in a shell that writes the exit code of `roomz` to a file. */
async function pipe(
  args: string,
  reader: string,
  { flags = ["--allow-ffi"], home, server }: {
    readonly flags?: readonly string[];
    readonly home: TestHome;
    readonly server: TestServer;
  },
): Promise<Piped> {
  const deno = [Deno.execPath(), "run", `--config=${denoConfig}`, ...RUN_FLAGS, ...flags];
  const roomz = [...deno, `${root}cli/main.ts`].map((word) => `'${word}'`).join(" ");
  const child = new Deno.Command("sh", {
    args: ["-c", `{ ${roomz} ${args}; echo $? > "$HOME/code"; } | ${reader}`],
    cwd: home.path,
    clearEnv: true,
    env: {
      ...bareEnvironment,
      PATH: Deno.env.get("PATH") ?? "",
      ...home.env,
      ROOMZ_SERVER_URL: server.url,
      ROOMZ_TOKEN: await server.session(),
    },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timeout = setTimeout(() => child.kill("SIGKILL"), 5_000);
  const ended = child.status.then(async () => {
    clearTimeout(timeout);
    return await home.read("code").then((code) => code.trim(), () => undefined);
  });
  return {
    ended,
    async [Symbol.asyncDispose]() {
      await server.server.close();
      await ended;
    },
  };
}

const pipes: readonly [args: string, reader: string, awaitsMessage?: true][] = [
  ["tail", "head -n 1", true],
  ["tail --json", "head -n 1", true],
  ["tail", "grep -m1 message", true],
  ["tail", "sed 1q", true],
  ["tail 2>&1", "head -n 1"],
  ["tail", "true"],
  ["bot run echo.ts", "true"],
  ["bot run echo.ts 2>&1", "head -n 1"],
  ["bot run --watch echo.ts", "head -n 1 < /dev/null"],
  ["serve --port 0 --allow-all", "head -n 1"],
];
for (const [args, reader, awaitsMessage] of pipes) {
  Deno.test({
    name: `roomz ${args} | ${reader} ends when the reader has left, not at the next write`,
    ignore: !canPoll,
    async fn() {
      await using server = await TestServer.start();
      await using home = await TestHome.make({ "echo.ts": BOT });
      await using piped = await pipe(args, reader, { home, server });
      // One message for readers that wait for it: there is no next write.
      if (awaitsMessage) {
        await using other = await AsyncClient.open(server.url, await server.session());
        while (server.server.connections < 2) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        await other.send("message");
      }
      assertEquals(await piped.ended, "0");
    },
  });
}

Deno.test({
  name: "without the permission to load a library, the next write notices",
  ignore: !canPoll,
  async fn() {
    await using server = await TestServer.start();
    await using home = await TestHome.make();
    await using other = await AsyncClient.open(server.url, await server.session());
    const joined = other.waitFor("user_joined", { timeout: 10_000 });
    await using piped = await pipe("tail", "head -n 1", { flags: [], home, server });
    await joined;
    let ended = false;
    const code = piped.ended.finally(() => ended = true);
    await other.send("message");
    while (!ended) {
      await other.send("next");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assertEquals(await code, "0");
  },
});

Deno.test("an output without a descriptor is not watched, and signals pass through", () => {
  const io = new TestIo();
  using reader = watchReader(io);
  assert(!reader.signal.aborted);
  io.interrupt();
  assertEquals(reader.signal.reason, io.signal.reason);
});

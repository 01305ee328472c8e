/**
 * The entry point with its permissions: as a compiled binary if DENORT_BIN names a compile runtime,
 * otherwise run by Deno with the same flags.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { RUN_FLAGS } from "../../cli/config/permissions.ts";
import { compileArgs, ENTRY_POINT } from "../../tools/compile.ts";
import { writeLockFor } from "../../tools/lock_file.ts";
import { skip } from "../support/skip.ts";
import { bareEnvironment } from "./support/bare_environment.ts";
import { denoConfig } from "./support/deno_config.ts";
import { readUntil } from "./support/spawned.ts";
import { TestHome } from "./support/test_home.ts";
import { TestServer } from "./support/test_server.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));
const runtime = Deno.env.get("DENORT_BIN");

if (runtime === undefined) {
  skip("that the compiled binary runs", "DENORT_BIN names no compile runtime");
}
const subject = runtime === undefined
  ? "the binary's entry point, with its permissions,"
  : "the binary";

/** How to start `roomz`: a binary compiled for this test, or Deno with the same entry point. */
async function startOf(home: TestHome): Promise<{ program: string; args: readonly string[] }> {
  if (runtime === undefined) {
    const run = ["run", `--config=${denoConfig}`, ...RUN_FLAGS, `${root}${ENTRY_POINT}`];
    return { program: Deno.execPath(), args: run };
  }
  const program = `${home.path}/roomz`;
  const envFile = await home.write("build.env", "ROOMZ_COMMIT=abc1234\n");
  const lock = `${home.path}/deno.lock`;
  await writeLockFor(denoConfig, lock);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: compileArgs(denoConfig, lock, envFile, program),
    cwd: root,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return { program, args: [] };
}

const BOT = `
import { defineBot } from "@roomz/roomz/bot";
export default defineBot({ name: "disk", prefix: "!", commands: { "ping": "pong from disk" } });
`;

/** A bot whose module sends a message through SyncClient, and so starts its worker. */
const SYNC_BOT = `
import { defineBot } from "@roomz/roomz/bot";
import { SyncClient } from "@roomz/roomz/sync";
{
  using client = SyncClient.open(Deno.env.get("ROOMZ_SERVER_URL"), Deno.env.get("ROOMZ_TOKEN"));
  client.send("from the worker");
}
export default defineBot({ name: "sync", commands: { "ping": "pong" } });
`;

/** A bot that uses permissions that the binary does not have. */
const GREEDY_BOT = `
const refused = [];
try { new Deno.Command("true").outputSync(); } catch (error) { refused.push(error.name); }
try { Deno.dlopen("libc.so.6", {}); } catch (error) { refused.push(error.name); }
throw new Error("refused: " + refused.join());
`;

Deno.test(`${subject} logs in, sends, tails, serves, runs bots that use SyncClient, and has no other permissions`, async () => {
  await using home = await TestHome.make({
    "bot.ts": BOT,
    "sync_bot.ts": SYNC_BOT,
    "greedy_bot.ts": GREEDY_BOT,
  });
  await using server = await TestServer.start();
  const { program, args } = await startOf(home);
  const token = await server.session();
  const spawn = (command: readonly string[], env = {}): Deno.ChildProcess =>
    new Deno.Command(program, {
      args: [...args, ...command],
      cwd: home.path,
      clearEnv: true,
      env: {
        ...bareEnvironment,
        ...home.env,
        ROOMZ_SERVER_URL: server.url,
        ...(runtime === undefined && { ROOMZ_COMMIT: "abc1234" }),
        ...env,
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  const run = async (command: readonly string[], input = "", env = {}) => {
    const child = spawn(command, env);
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  };

  assertMatch((await run(["--version"])).stdout, /^roomz \d+\.\d+\.\d+ \(abc1234\)\n$/);
  const login = await run(["login"], token);
  assertEquals(login.code, 0, login.stderr);
  assertEquals((await run(["whoami"])).stdout, "ada@example.com\n");

  await using other = await AsyncClient.open(server.url, token);
  const messages = other.messages();
  assertEquals((await run(["send", "-"], "from the binary")).code, 0);
  assertEquals((await messages.next()).value?.content, "from the binary");

  const tail = spawn(["tail", "--json", "--count", "1"]);
  const tailErrors = tail.stderr.getReader();
  await readUntil(tailErrors, /Listening/);
  await other.send("to the binary");
  const { code, stdout } = await restOf(tail);
  assertEquals([code, JSON.parse(stdout).content], [0, "to the binary"]);
  await tailErrors.cancel();
  await messages.next();

  const bot = spawn(["bot", "run", "bot.ts"]);
  const botErrors = bot.stderr.getReader();
  await readUntil(botErrors, /disk: ready/);
  await other.send("!ping");
  await messages.next();
  assertEquals((await messages.next()).value?.content, "pong from disk");
  bot.kill("SIGKILL");
  await Promise.all([bot.status, bot.stdin.close(), bot.stdout.cancel(), botErrors.cancel()]);

  const sync = await run(["bot", "check", "sync_bot.ts"], "", { ROOMZ_TOKEN: token });
  assertEquals([sync.code, sync.stderr], [0, ""]);
  assertEquals((await messages.next()).value?.content, "from the worker");

  assertEquals((await run(["doctor"])).stdout.match(/^\w+/gm), Array(6).fill("ok"));
  const serve = spawn(["serve", "--port", "0", "--allow-all"]);
  const served = serve.stdout.getReader();
  assertMatch(await readUntil(served, /\n/), /^http:/);
  serve.kill("SIGTERM");
  const closed = [serve.stdin.close(), served.cancel(), serve.stderr.cancel()];
  await Promise.all([serve.status, ...closed]);

  const greedy = await run(["bot", "check", "greedy_bot.ts"]);
  assertStringIncludes(greedy.stderr, "refused: NotCapable,NotCapable");
});

async function restOf(child: Deno.ChildProcess): Promise<{ code: number; stdout: string }> {
  await child.stdin.close();
  const [{ code }, stdout] = await Promise.all([
    child.status,
    new Response(child.stdout).text(),
  ]);
  return { code, stdout };
}

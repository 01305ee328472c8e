/**
 * The binary, where a compile runtime is at hand; elsewhere the same entry point with the same
 * permissions.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { PERMISSIONS } from "../../../cli/config/permissions.ts";
import { compileArgs, ENTRY_POINT, TARGETS, targetsOf } from "../../../tools/compile.ts";
import { skip } from "../../support/skip.ts";
import { bareEnvironment } from "../support/bare_environment.ts";
import { denoConfig } from "../support/deno_config.ts";
import { readUntil } from "../support/spawned.ts";
import { TestHome } from "../support/test_home.ts";
import { TestServer } from "../support/test_server.ts";

const root = fromFileUrl(new URL("../../../", import.meta.url));
const runtime = Deno.env.get("DENORT_BIN");

if (runtime === undefined) {
  skip("that the compiled binary runs", "DENORT_BIN names no compile runtime");
}
const tried = runtime === undefined
  ? "the binary's entry point, with its permissions,"
  : "the binary";

/** How `roomz` is started: a binary made for this test, or Deno with what would be in it. */
async function startOf(home: TestHome): Promise<{ program: string; args: readonly string[] }> {
  if (runtime === undefined) {
    const run = ["run", `--config=${denoConfig}`, ...PERMISSIONS, `${root}${ENTRY_POINT}`];
    return { program: Deno.execPath(), args: run };
  }
  const program = `${home.path}/roomz`;
  const envFile = await home.write("build.env", "ROOMZ_COMMIT=abc1234\n");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: compileArgs(denoConfig, envFile, program),
    cwd: root,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return { program, args: [] };
}

const BOT = `
import { defineBot } from "@roomz/roomz/bot";
export default defineBot({ name: "disk", prefix: "!", commands: { "ping": "pong from disk" } });
`;

/** A bot that talks through SyncClient, which starts its worker, before it is defined. */
const SYNC_BOT = `
import { defineBot } from "@roomz/roomz/bot";
import { SyncClient } from "@roomz/roomz/sync";
{
  using client = SyncClient.open(Deno.env.get("ROOMZ_SERVER_URL"), Deno.env.get("ROOMZ_TOKEN"));
  client.send("from the worker");
}
export default defineBot({ name: "sync", commands: { "ping": "pong" } });
`;

/** A bot that wants more than the binary may do. */
const GREEDY_BOT = `
const refused = [];
try { new Deno.Command("true").outputSync(); } catch (error) { refused.push(error.name); }
try { Deno.dlopen("libc.so.6", {}); } catch (error) { refused.push(error.name); }
throw new Error("refused: " + refused.join());
`;

Deno.test(`${tried} logs in, sends, tails, serves, runs bots from disk with SyncClient, and may do no more`, async () => {
  await using home = await TestHome.make({
    "bot.ts": BOT,
    "sync_bot.ts": SYNC_BOT,
    "greedy_bot.ts": GREEDY_BOT,
  });
  await using server = await TestServer.start();
  const { program, args } = await startOf(home);
  const token = await server.session();
  const spawn = (words: readonly string[], env = {}): Deno.ChildProcess =>
    new Deno.Command(program, {
      args: [...args, ...words],
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
  const run = async (words: readonly string[], input = "", env = {}) => {
    const child = spawn(words, env);
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
  const talk = tail.stderr.getReader();
  await readUntil(talk, /Listening/);
  await other.send("to the binary");
  const { code, stdout } = await restOf(tail);
  assertEquals([code, JSON.parse(stdout).content], [0, "to the binary"]);
  await talk.cancel();
  await messages.next();

  const bot = spawn(["bot", "run", "bot.ts"]);
  const botTalk = bot.stderr.getReader();
  await readUntil(botTalk, /disk: ready/);
  await other.send("!ping");
  await messages.next();
  assertEquals((await messages.next()).value?.content, "pong from disk");
  bot.kill("SIGKILL");
  await Promise.all([bot.status, bot.stdin.close(), bot.stdout.cancel(), botTalk.cancel()]);

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

Deno.test("there is a binary for six systems", () => {
  assertEquals(new Set(TARGETS).size, 6);
  for (const target of TARGETS) {
    const args = compileArgs("deno.json", "build.env", "roomz", target);
    assert(args.includes(`--target=${target}`));
    // `roomz serve` names its server by a URL, which the compiler does not follow.
    assert(args.includes("--include=dev_server/mod.ts"));
    assertEquals(args.filter((arg) => /^-A$|allow-(all|run|ffi)/.test(arg)), []);
  }
});

Deno.test("only a system that there is, and that the runtime at hand is for, is compiled for", () => {
  const here = Deno.build.target;
  const elsewhere = TARGETS.find((target) => target !== here) ?? "";
  assertEquals(targetsOf([], false), TARGETS);
  assertEquals(targetsOf([elsewhere], false), [elsewhere]);
  assertEquals(targetsOf([], true), [here]);
  assertEquals(targetsOf([here], true), [here]);
  assertThrows(() => targetsOf([elsewhere], true), RangeError, "unset it");
  assertThrows(() => targetsOf(["linux"], false), RangeError, `only: ${TARGETS.join(" ")}`);
});

async function restOf(child: Deno.ChildProcess): Promise<{ code: number; stdout: string }> {
  await child.stdin.close();
  const [{ code }, stdout] = await Promise.all([
    child.status,
    new Response(child.stdout).text(),
  ]);
  return { code, stdout };
}

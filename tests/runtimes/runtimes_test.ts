/**
 * The client, bots and the testing kit on Node and Bun. Bots run on Deno as well: they do the same there.
 * @module
 */
import { AsyncClient } from "@roomz/roomz";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { reportSkipped } from "../support/skip.ts";
import { within } from "../support/within.ts";

const EMAIL = "me@example.com";
/** How long a program may take on a busy machine, milliseconds. */
const LIMIT = 30_000;

interface Runtime {
  readonly name: string;
  /** The npm package with the version, of which the part before the @ is also the command. */
  readonly npm?: string;
  readonly args: readonly string[];
}

const NODE = ["--disable-warning=ExperimentalWarning"];
/** The first Node that clients and bots support. */
const NODE_22: Runtime = { name: "Node 22", npm: "node@22", args: NODE };
/** The first Node that has `await using`, in which tests of bots are written. */
const NODE_24: Runtime = { name: "Node 24", npm: "node@24", args: NODE };
const BUN: Runtime = { name: "Bun", npm: "bun@1.4.5", args: [] };
/** Without the configuration, which switches Deno KV on. */
const DENO: Runtime = { name: "Deno", args: ["run", "-A", "--no-check", "--no-config"] };

const missing = await whyMissing();
if (missing !== undefined) reportSkipped("client, bots and testing kit on Node and Bun", missing);

for (const runtime of [NODE_22, BUN]) {
  test(`the client runs unchanged on ${runtime.name}`, runtime, async (command) => {
    const file = `${await Deno.makeTempDir()}/session.json`;
    await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
    const session = await server.mintSession(EMAIL);
    const result = await run(command, [...programIn("client", runtime), server.url, session, file]);
    assertEquals(result, { code: 0, output: "all is well\n" });
  });
}

for (const runtime of [NODE_22, BUN]) {
  test(`the roomz command on ${runtime.name} says that it needs Deno`, runtime, async (command) => {
    const cli = fromFileUrl(new URL("../../cli/mod.ts", import.meta.url));
    const { code, output } = await run(command, [...runtime.args, cli, "--help"]);
    assertEquals(code, 1);
    assertMatch(output, /rror: The roomz command needs Deno \(.*\): deno run .* jsr:@roomz/);
  });
}

for (const runtime of [NODE_24, BUN]) {
  test(`the testing kit runs unchanged on ${runtime.name}`, runtime, async (command) => {
    const result = await run(command, programIn("testing_kit", runtime));
    assertEquals(result, { code: 0, output: "all is well\n" });
  });
}

/** What a bot answers, in order; every answer but the one about Deno KV is the same on Deno. */
const CONVERSATION: readonly (readonly [message: string, answer: RegExp])[] = [
  ["!add 2 3", /^5$/],
  ["!add 2 x", /^<b> must be a whole number such as 42, not "x"\./],
  ["!count", /^1$/],
  ["!count", /^2$/],
  ["!signup", /^What is your name\?/],
  ["Ada", /^Welcome, Ada\.$/],
  ["!fail", /^Sorry, that failed/],
  ["!forget", /^Sorry, that failed/],
  ["!reject", /^ok$/],
  ["!throw", /^ok$/],
  ["!count", /^3$/],
];

for (const runtime of [DENO, NODE_22, BUN]) {
  const remedy = runtime === DENO
    ? /add --unstable-kv to the command/
    : /run the program with Deno and --unstable-kv/;

  test(`a bot answers on ${runtime.name}, and stops on SIGTERM`, runtime, async (command) => {
    await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
    const session = await server.mintSession(EMAIL);
    await using bot = start(command, [...programIn("bot", runtime), server.url, session]);
    await bot.says("helper: ready for me@example.com");

    await using phone = await AsyncClient.open(server.url, session, { displayName: "phone" });
    const answers = answersTo(phone);
    for (const [message, answer] of [...CONVERSATION, ["!kv", remedy]] as const) {
      await phone.send(message);
      assertMatch((await answers.next()).value ?? "", answer);
    }
    await bot.says("helper: uncaught exception");
    await bot.says("rror: thrown");

    bot.process.kill("SIGTERM");
    assertEquals((await bot.process.status).code, 0);
    const log = await bot.output;
    for (
      const line of [
        /^helper: !fail from "phone": failed /m,
        /^helper: !forget from "phone": failed /m,
        /^helper: unhandled rejection /m,
        /^stopped$/m,
        /^helper: something kept the process running, .*; exiting$/m,
      ]
    ) assertMatch(log, line);
    for (const error of ["failed", "forgotten", "rejected"]) {
      assertStringIncludes(log, `rror: ${error}`);
    }
    assertEquals(log.match(/^Deno KV is not available, /gm)?.length, 1);
  });

  test(`an idle bot on ${runtime.name} stops on SIGINT`, runtime, async (command) => {
    await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
    const session = await server.mintSession(EMAIL);
    await using bot = start(command, [...programIn("bot", runtime), server.url, session]);
    await bot.says("helper: ready");
    bot.process.kill("SIGINT");
    assertEquals((await bot.process.status).code, 0);
    assertStringIncludes(await bot.output, "stopped\n");
  });

  test(`a bot on ${runtime.name} ends with 1 if it is refused`, runtime, async (command) => {
    await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
    const args = [...programIn("bot", runtime), server.url, "wrong"];
    const { code, output } = await run(command, args);
    assertEquals(code, 1, output);
    assertStringIncludes(output, "AuthenticationError");
    assertStringIncludes(output, "Request a new magic link");
  });

  test(
    `a bot on ${runtime.name} hides no failure of a larger program`,
    runtime,
    async (command) => {
      await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
      const session = await server.mintSession(EMAIL);
      const args = [...programIn("bot", runtime), server.url, session, "part"];
      const { code, output } = await run(command, args);
      assertStringIncludes(output, "rror: the program's own");
      assertEquals(code, 1);
    },
  );
}

/** What other devices than `client`'s say. */
async function* answersTo(client: AsyncClient): AsyncGenerator<string, void> {
  for await (const { own, content } of client.messages({ signal: AbortSignal.timeout(LIMIT) })) {
    if (!own) yield content;
  }
}

/** The runtimes that are installed, by their names. */
const commands: Record<string, Promise<string>> = {};

/** Registers a test that gets the runtime's command, which is installed first. */
function test(name: string, runtime: Runtime, body: (command: string) => Promise<void>): void {
  const why = runtime.npm === undefined ? undefined : missing;
  Deno.test({
    name: `${name}${why ? ` (skipped: ${why})` : ""}`,
    ignore: why !== undefined,
    fn: async () => await body(await (commands[runtime.name] ??= install(runtime))),
  });
}

async function install({ npm }: Runtime): Promise<string> {
  if (npm === undefined) return Deno.execPath();
  const folder = fromFileUrl(new URL(`../../.cache/runtimes/${npm}/`, import.meta.url));
  const command = `${folder}node_modules/.bin/${npm.replace(/@.*/, "")}`;
  const { code, output } = await run("npm", ["install", "--no-save", "--prefix", folder, npm]);
  assertEquals(code, 0, output);
  return command;
}

/** The arguments that run a program of support/. */
function programIn(name: string, { args }: Runtime): string[] {
  return [...args, fromFileUrl(new URL(`support/${name}.ts`, import.meta.url))];
}

async function whyMissing(): Promise<string | undefined> {
  try {
    const { code } = await run("npm", ["view", "--fetch-retries=0", "node@22", "version"]);
    return code === 0 ? undefined : "the npm registry does not answer";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no npm";
    throw error;
  }
}

interface Started extends AsyncDisposable {
  readonly process: Deno.ChildProcess;
  /** What the process wrote on stderr, when it has ended. */
  readonly output: Promise<string>;
  /** Resolves when the process has written `text`. */
  says(text: string): Promise<void>;
}

/** Starts a program that runs until it is stopped. */
function start(command: string, args: readonly string[]): Started {
  const process = new Deno.Command(command, {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let text = "";
  let heard = Promise.withResolvers<void>();
  const read = async () => {
    for await (const chunk of process.stderr.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      heard.resolve();
      heard = Promise.withResolvers();
    }
    heard.resolve();
    return text;
  };
  const output = read();
  let ended = false;
  output.then(() => ended = true);
  return {
    process,
    output,
    async says(part) {
      while (!text.includes(part)) {
        if (ended) throw new Error(`The program ended and never said "${part}":\n${text}`);
        await within(LIMIT, part, heard.promise);
      }
    },
    async [Symbol.asyncDispose]() {
      if (!ended) process.kill("SIGKILL");
      await process.status;
    },
  };
}

async function run(
  command: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    signal: AbortSignal.timeout(LIMIT),
    env: { NODE_NO_WARNINGS: "1", NO_COLOR: "1", NPM_CONFIG_LOGLEVEL: "error" },
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

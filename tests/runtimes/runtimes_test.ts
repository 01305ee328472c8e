/**
 * The package as Node and Bun get it from JSR's npm registry: ways to install it, its types, and clients,
 * bots, the testing kit and the development server on it. Bots run on Deno as well: they do the same there.
 * @module
 */
import { AsyncClient } from "@roomz/roomz";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { codeBlocks } from "../support/markdown_code.ts";
import { reportSkipped } from "../support/skip.ts";
import { within } from "../support/within.ts";
import {
  INSTALLATION_LIMIT,
  LIMIT,
  NpmProjects,
  PACKAGE,
  programHere,
  run,
} from "./support/npm_project.ts";

const EMAIL = "me@example.com";

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
if (missing !== undefined) reportSkipped("the package for npm, on Node and Bun", missing);

let projects: Promise<NpmProjects> | undefined;
/** One registry for all tests; filling it takes longer than most of them. */
const npm = (): Promise<NpmProjects> => projects ??= NpmProjects.make();
Deno.test.afterAll(async () => await (await projects)?.[Symbol.asyncDispose]());

for (const runtime of [NODE_22, BUN]) {
  test(`the client runs unchanged on ${runtime.name}`, runtime, async (command) => {
    const file = `${await Deno.makeTempDir()}/session.json`;
    await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
    const session = await server.mintSession(EMAIL);
    const result = await run(command, [
      ...await programIn("client", runtime),
      server.url,
      session,
      file,
    ]);
    assertEquals(result, { code: 0, output: "all is well\n" });
  });
}

for (const runtime of [NODE_22, BUN]) {
  test(`SyncClient runs unchanged on ${runtime.name}`, runtime, async (command) => {
    await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
    const session = await server.mintSession(EMAIL);
    const args = [...await programIn("sync_client", runtime), server.url, session];
    assertEquals(await run(command, args), { code: 0, output: "all is well\n" });
  });

  test(
    `the development server on ${runtime.name} lacks its page's script until npm has installed it`,
    runtime,
    async (command) => {
      const { code, output } = await run(command, await programIn("dev_server", runtime));
      assertEquals(code, 0, output);
      assertMatch(output, /^MAGIC LINK for me@example\.com$/m);
      assertMatch(output, /^503 The chat needs .*: npm install socket\.io-client@4\.8\.4\.$/m);
      assertMatch(output, /^all is well$/m);
    },
  );

  test(`the roomz command on ${runtime.name} says that it needs Deno`, runtime, async (command) => {
    const file = join(await (await npm()).installed(), "command.mjs");
    await Deno.writeTextFile(file, 'import "@roomz/roomz/cli";\n');
    const { code, output } = await run(command, [...runtime.args, file, "--help"]);
    assertEquals(code, 1);
    assertMatch(output, /rror: The roomz command needs Deno \(.*\): deno run .* jsr:@roomz/);
    assertStringIncludes(output, "npx -y deno run");
  });
}

test("the page's script is served on Node once npm has installed it", NODE_22, async (command) => {
  const [...args] = await programIn("dev_server", NODE_22);
  const folder = await (await npm()).installed();
  const added = await run("npm", [
    "install",
    "--no-save",
    "--prefer-offline",
    "socket.io-client@4.8.4",
  ], folder);
  assertEquals(added.code, 0, added.output);
  const { code, output } = await run(command, args);
  assertEquals(code, 0, output);
  assertMatch(output, /^200 \/\*!\n \* Socket\.IO v4\.8\.4/m);
});

for (const runtime of [NODE_22, BUN]) {
  test(
    `the release's trial of npm's package passes on ${runtime.name}`,
    runtime,
    async (command) => {
      const trial = new URL("../../tools/release/try_npm.mjs", import.meta.url);
      const file = join(await (await npm()).installed(), "try_npm.mjs");
      await Deno.copyFile(trial, file);
      const { code, output } = await run(command, [file]);
      assertEquals(code, 0, output);
      assertMatch(output, /^npm's package works$/m);
    },
  );
}

const CRON = `
import { defineBot } from "@roomz/roomz/bot";
const bot = defineBot({ name: "b", commands: {}, schedule: { daily: { cron: "0 9 * * *", run: "hi" } } });
console.log(bot.name);
`;

test("a cron schedule on Node 22 says what it needs, and then runs", NODE_22, async (command) => {
  const folder = await (await npm()).installed();
  const file = join(folder, "cron.mjs");
  await Deno.writeTextFile(file, CRON);
  const { code, output } = await run(command, [file]);
  assertEquals(code, 1);
  assertStringIncludes(output, "BotDefinitionError: Cron expressions need Temporal");
  assertStringIncludes(output, "in schedule.daily.cron");

  const [, packageName = "none"] = /npm install (\S+), /.exec(output) ?? [];
  const [, importLine = ""] = /then (import "\S+")\./.exec(output) ?? [];
  const added = await run("npm", ["install", "--no-save", "--prefer-offline", packageName], folder);
  assertEquals(added.code, 0, added.output);
  await Deno.writeTextFile(file, `${importLine};\n${CRON}`);
  assertEquals(await run(command, [file]), { code: 0, output: "b\n" });
});

test("a cron schedule runs on Bun", BUN, async (command) => {
  const file = join(await (await npm()).installed(), "cron_on_bun.mjs");
  await Deno.writeTextFile(file, CRON);
  assertEquals(await run(command, [file]), { code: 0, output: "b\n" });
});

const INSTALLATIONS: readonly (readonly [runtime: Runtime, args: readonly string[]])[] = [
  [NODE_22, ["npx", "-y", "jsr@0.14.3", "add", "@roomz/roomz"]],
  [NODE_22, ["npm", "install", PACKAGE]],
  [BUN, ["bun", "add", PACKAGE]],
  [BUN, ["bun", "x", "jsr@0.14.3", "add", "@roomz/roomz"]],
];

for (const [runtime, line] of INSTALLATIONS) {
  test(
    `${line.join(" ").replace(/@0.*? /, " ")} makes the package importable`,
    runtime,
    async (command) => {
      const folder = await (await npm()).empty(line.slice(0, 2).join("_"));
      const [program = "", ...args] = line;
      const added = await run(program === "bun" ? command : program, args, folder, {
        limit: INSTALLATION_LIMIT,
        env: { PATH: `${dirname(command)}:${Deno.env.get("PATH")}` },
      });
      assertEquals(added.code, 0, added.output);
      const { dependencies } = JSON.parse(await Deno.readTextFile(join(folder, "package.json")));
      assertMatch(dependencies["@roomz/roomz"], /^npm:@jsr\/roomz__roomz@\^\d+\.\d+\.\d+$/);
      const file = join(folder, "use.mjs");
      await Deno.writeTextFile(
        file,
        'import { defineBot } from "@roomz/roomz/bot";\nconsole.log(typeof defineBot);\n',
      );
      assertEquals(await run(command, [file]), { code: 0, output: "function\n" });
    },
  );
}

const TYPED = `
import { AsyncClient, KvSessionCache } from "@roomz/roomz";
import { defineBot, MemoryStorage, runBot } from "@roomz/roomz/bot";
import { main } from "@roomz/roomz/cli";
import { createDevServer } from "@roomz/roomz/dev-server";
import { SyncClient } from "@roomz/roomz/sync";
import { testBot } from "@roomz/roomz/testing";

const bot = defineBot({
  name: "typed",
  commands: { "roll [sides:int=6]": ({ args }) => args.sides.toFixed() },
});
// @ts-expect-error: sides is a number.
defineBot({ name: "wrong", commands: { "roll [sides:int=6]": ({ args }) => args.sides.trim() } });

export async function use(server: string, token: string): Promise<string> {
  const client = await AsyncClient.open(server, token);
  const result = await client.send("hi");
  await runBot(bot, { server, token, storage: new MemoryStorage() });
  const [answer = ""] = await (await testBot(bot)).device("phone").say("!roll");
  return result.status === "ok" ? result.message_id : result.error + answer;
}
export { createDevServer, KvSessionCache, main, SyncClient };
`;

test("TypeScript finds the types, and all of them are right", NODE_22, async () => {
  const folder = await (await npm()).installed();
  await Deno.writeTextFile(join(folder, "typed.ts"), TYPED);
  const tsc = await installedOnce("tsc", ["typescript@5.9.3", "@types/node@22"]);
  const typeRoots = join(dirname(dirname(tsc)), "@types");
  const lib = "--lib es2022,esnext.disposable,dom --types node --target es2022 --module nodenext";
  const flags = ["--noEmit", "--strict", ...lib.split(" "), "--typeRoots", typeRoots];
  assertEquals(await run(tsc, [...flags, "typed.ts"], folder), { code: 0, output: "" });
});

for (const runtime of [NODE_24, BUN]) {
  test(`the testing kit runs unchanged on ${runtime.name}`, runtime, async (command) => {
    const result = await run(command, await programIn("testing_kit", runtime));
    assertEquals(result, { code: 0, output: "all is well\n" });
  });
}

/** The examples of docs/client.md, in order; those that are whole programs say or print something. */
const EXAMPLES: readonly { readonly says?: string; readonly prints?: string }[] = [
  { says: "Hello!", prints: "phone: Hi!" },
  {}, // A function that logs in.
  {}, // A cache of sessions in a file.
  {}, // A function that sends a long text.
  { says: "The backup is done." },
  {}, // A function that shows an error.
  { says: "Hello!", prints: "me@example.com Hello!" },
];
const examples = codeBlocks(
  await Deno.readTextFile(new URL("../../docs/client.md", import.meta.url)),
  "ts",
);

for (const runtime of [NODE_22, BUN, DENO]) {
  test(
    `the examples of docs/client.md run on ${runtime.name} as they stand`,
    runtime,
    async (command) => {
      assertEquals(examples.length, EXAMPLES.length);
      await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
      const ROOMZ_TOKEN = await server.mintSession(EMAIL);
      await using phone = await AsyncClient.open(server.url, ROOMZ_TOKEN, { displayName: "phone" });
      const env = { ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN };
      for (const [at, { says, prints = "" }] of EXAMPLES.entries()) {
        const heard: string[] = [];
        phone.on("message", ({ content, own }) => {
          if (own) return;
          heard.push(content);
          if (prints.startsWith("phone")) phone.send("Hi!");
        });
        const args = await example(`client_${at}`, examples[at] ?? "", runtime);
        const { code, output } = await run(command, args, undefined, { env });
        phone.off("message");
        assertEquals(code, 0, `${examples[at]}\n${output}`);
        assertEquals(heard, says === undefined ? [] : [says], output);
        assertStringIncludes(output, prints);
      }
    },
  );

  test(
    `the script in docs/client.md exits with the codes of roomz on ${runtime.name}`,
    runtime,
    async (command) => {
      await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
      const args = await example("backup", examples[4] ?? "", runtime);
      for (
        const [ROOMZ_SERVER_URL, code] of [[server.url, 3], ["http://127.0.0.1:1", 4]] as const
      ) {
        const env = { ROOMZ_SERVER_URL, ROOMZ_TOKEN: "e30.e30.wrong" };
        const result = await run(command, args, undefined, { env });
        assertEquals(result.code, code, result.output);
      }
    },
  );
}

/** The arguments that run an example of docs/. */
async function example(name: string, code: string, runtime: Runtime): Promise<string[]> {
  assert(runtime !== NODE_22 || !code.includes("await using"));
  const folder = runtime === DENO ? await Deno.makeTempDir() : await (await npm()).installed();
  const file = join(folder, `${name}.ts`);
  await Deno.writeTextFile(file, code.replace("60_000", "500")); // Nobody waits for a minute here.
  if (runtime !== DENO) return [...runtime.args, file];
  const here = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? here;
  return ["run", "-A", "--no-check", "--no-lock", `--config=${config}`, file];
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
    await using bot = start(command, [...await programIn("bot", runtime), server.url, session]);
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
    await using bot = start(command, [...await programIn("bot", runtime), server.url, session]);
    await bot.says("helper: ready");
    bot.process.kill("SIGINT");
    assertEquals((await bot.process.status).code, 0);
    assertStringIncludes(await bot.output, "stopped\n");
  });

  test(`a bot on ${runtime.name} ends with 1 if it is refused`, runtime, async (command) => {
    await using server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
    const args = [...await programIn("bot", runtime), server.url, "wrong"];
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
      const args = [...await programIn("bot", runtime), server.url, session, "part"];
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
  return npm === undefined ? Deno.execPath() : await installedOnce(npm.replace(/@.*/, ""), [npm]);
}

/** The path of a command of npm packages, which later runs of the tests find installed. */
async function installedOnce(command: string, packages: readonly string[]): Promise<string> {
  const folder = new URL(`../../.cache/runtimes/${packages[0]}/`, import.meta.url);
  const path = join(fromFileUrl(folder), "node_modules", ".bin", command);
  try {
    await Deno.stat(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const args = ["install", "--no-save", "--prefix", fromFileUrl(folder), ...packages];
    const { code, output } = await run("npm", args, undefined, { limit: INSTALLATION_LIMIT });
    assertEquals(code, 0, output);
  }
  return path;
}

/** The arguments that run a program of support/, on npm's package where that is what the runtime gets. */
async function programIn(name: string, runtime: Runtime): Promise<string[]> {
  if (runtime === DENO) return [...runtime.args, programHere(name)];
  return [...runtime.args, await (await npm()).program(name)];
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

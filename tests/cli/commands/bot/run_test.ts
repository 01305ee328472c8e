import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { roomz, TestIo } from "../../support/test_io.ts";
import { TestServer } from "../../support/test_server.ts";

/** A folder with a file `bot.ts` in it, and what `roomz bot run bot.ts` made of it. */
async function runFile(
  text: string,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/bot.ts`, text);
    const env = { XDG_STATE_HOME: folder };
    return await roomz(["bot", "run", "bot.ts"], { env, workingFolder: folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ECHO = `
import { defineBot } from "@roomz/roomz/bot";
export default defineBot({
  name: "echo",
  prefix: "!",
  commands: {
    "say <text...>": ({ args }) => "You said: " + args.text,
    "slow": async () => {
      const { started, finish } = globalThis.slowCommand;
      started();
      await finish;
      return "done";
    },
    "fail": () => { throw new Error("inside \\x1b[2J"); },
  },
});
`;

interface RunningBot extends AsyncDisposable {
  readonly io: TestIo;
  readonly ended: Promise<number>;
  readonly server: TestServer;
  /** The answer to what is sent. */
  ask(text: string): Promise<string>;
}

/** The echo bot, run by `roomz bot run` with a stored session. */
async function startEcho(): Promise<RunningBot> {
  const server = await TestServer.start();
  const folder = server.home.XDG_STATE_HOME;
  await Deno.writeTextFile(`${folder}/echo.ts`, ECHO);
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  const other = await AsyncClient.open(server.url, await server.session());
  const messages = other.messages();

  const io = new TestIo({ env: server.home, workingFolder: folder });
  const ended = main(["bot", "run", "echo.ts"], io);
  await io.stderr.until(/echo: ready/);
  return {
    io,
    ended,
    server,
    async ask(text) {
      await other.send(text);
      for (;;) {
        const { value } = await messages.next();
        if (value === undefined) throw new Error("the connection is gone");
        if (!value.own) return value.content;
      }
    },
    async [Symbol.asyncDispose]() {
      io.interrupt();
      await ended;
      await other.disconnect();
      await server[Symbol.asyncDispose]();
    },
  };
}

Deno.test("bot run runs the bot that a file exports, with the stored session", async () => {
  await using bot = await startEcho();
  assertEquals(await bot.ask("!say hello there"), "You said: hello there");
});

Deno.test("a bot exits with 130 after Ctrl+C and 0 after SIGTERM", async () => {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 0]] as const) {
    await using bot = await startEcho();
    bot.io.interrupt(signal);
    assertEquals(await bot.ended, code);
    assertEquals(bot.io.stdout.text, "");
  }
});

Deno.test("an interrupted bot finishes running handlers", async () => {
  await using bot = await startEcho();
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  Reflect.set(globalThis, "slowCommand", { started: started.resolve, finish: finish.promise });
  const answer = bot.ask("!slow");
  await started.promise;
  bot.io.interrupt("SIGTERM");
  finish.resolve();
  assertEquals(await answer, "done");
  assertEquals(await bot.ended, 0);
});

Deno.test("a failed command is logged with file and line, and the bot continues", async () => {
  await using bot = await startEcho();
  await bot.ask("!fail");
  await bot.io.stderr.until(/inside ␛\[2J\n(.|\n)*echo\.ts/);
  assertEquals(await bot.ask("!say still here"), "You said: still here");
});

Deno.test("a session that is rejected later makes the bot exit with 3", async () => {
  await using bot = await startEcho();
  bot.server.server.setAllowedEmails(["bob@example.com"]);
  bot.server.server.disconnectAll();
  assertEquals(await bot.ended, 3);
  const reported = [...bot.io.stderr.text.matchAll(/^.*does not accept this session/gm)].map(
    String,
  );
  assertEquals(reported, ["roomz: The server does not accept this session"]);
});

Deno.test("a bot without a session exits with 3 and error how to log in", async () => {
  const { exitCode, stderr } = await runFile(ECHO);
  assertEquals(exitCode, 3);
  assertMatch(stderr, /^roomz: Not logged in to .*\n +Log in with: roomz login EMAIL\n$/);
});

const broken: readonly [what: string, text: string, error: RegExp][] = [
  [
    "that throws",
    "const now: number = 1;\nthrow new Error('boom ' + now);",
    /boom 1\n +at file:.*bot\.ts:2:7\n$/,
  ],
  ["that throws no Error", "throw 'boom';", /Could not load bot\.ts: boom\n$/],
  [
    "with a syntax error",
    "export default {\n  a: 1,,\n};",
    /Unexpected token `,`(.|\n)*bot\.ts:2:8\n$/,
  ],
  ["that imports what is missing", 'import "./absent.ts";', /absent\.ts(.|\n)*bot\.ts:1:8\n$/],
  ["that exports nothing", "", /does not export a bot\. Its default export must be one/],
  ["that exports something else", "export default { name: 'x' };", /does not export a bot\./],
];
for (const [what, text, error] of broken) {
  Deno.test(`a bot file ${what} is one error that names the file, exit code 1`, async () => {
    const { exitCode, stdout, stderr } = await runFile(text);
    assertEquals({ exitCode, stdout }, { exitCode: 1, stdout: "" });
    assertMatch(stderr, /^roomz: (Could not load )?bot\.ts/);
    assertMatch(stderr, error);
    assert(!stderr.includes("bot_file.ts"), "a stack trace was shown");
  });
}

Deno.test("the error about a missing bot file has the path as typed and the resolved path", async () => {
  const { exitCode, stderr } = await roomz(["bot", "run", "no/such.ts"], { workingFolder: "/tmp" });
  assertEquals(exitCode, 1);
  assertEquals(stderr, "roomz: File not found: no/such.ts in /tmp. Check the path.\n");
  const absolute = await roomz(["bot", "run", "/no/such.ts"], { workingFolder: "/tmp" });
  assertEquals(absolute.stderr, "roomz: File not found: /no/such.ts. Check the path.\n");
});

Deno.test("a bot file that never finishes loading can be interrupted", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/bot.ts`, "await new Promise(() => {});");
    const io = new TestIo({ workingFolder: folder, env: { XDG_STATE_HOME: folder } });
    const ended = main(["bot", "run", "bot.ts"], io);
    io.interrupt();
    assertEquals(await ended, 130);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an error thrown by a bot file cannot inject terminal escape sequences", async () => {
  const { stderr } = await runFile("throw new Error('\\x1b[2J');");
  assertStringIncludes(stderr, "␛[2J");
});

import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TestHome } from "../support/test_home.ts";
import { roomz, TestIo } from "../support/test_io.ts";

const SECRET = "the secret of the servers in this test";

const BOT = `
import { defineBot } from "@roomz/roomz/bot";
export default defineBot({ name: "echo", prefix: "!", commands: { "ping": "pong" } });
`;

/** A port that nothing listens on, and a session for the server that will. */
async function prepare(): Promise<{ port: number; url: string; session: string }> {
  await using server = await serve(0);
  const session = await server.mintSession("ada@example.com");
  return { port: server.port, url: server.url, session };
}

function serve(port: number): Promise<DevServer> {
  return createDevServer({ port, allowedEmails: "*", jwtSecret: SECRET, log() {} });
}

const patient: readonly [args: string[], ready: RegExp][] = [
  [["tail"], /Listening on/],
  [["tail", "--json", "--wait", "1m"], /Listening on/],
  [["bot", "run", "echo.ts"], /echo: ready/],
  [["bot", "run", "--watch", "echo.ts"], /echo: ready/],
  [["bot", "run", "--wait=90", "echo.ts"], /echo: ready/],
  [["chat", "--plain"], /Connected to/],
  [["--plain", "--wait", "1h"], /Connected to/],
];
for (const [args, ready] of patient) {
  Deno.test(`${args.join(" ")} waits for a server that is not up yet, and says so once`, async () => {
    const { port, url, session } = await prepare();
    await using home = await TestHome.make({ "echo.ts": BOT });
    const env = { ...home.env, ROOMZ_SERVER_URL: url, ROOMZ_TOKEN: session };
    const io = new TestIo({ env, workingFolder: home.path, stdin: null });
    const ended = main(args, io);
    await io.stderr.until(/Waiting for the server/);
    assertMatch(
      io.stderr.text,
      /^No answer from http\S+ \(.*refused.*\)\. Waiting for the server.*\.\n$/,
    );
    await using _server = await serve(port);
    await io.stderr.until(ready);
    assertEquals(io.stderr.text.match(/Waiting/g)?.length, 1);
    io.interrupt();
    assertEquals(await ended, 130);
    assertEquals(io.stdout.text, "");
  });
}

Deno.test("a chat in a pipe sends its input once the server is up", async () => {
  const { port, url, session } = await prepare();
  const io = new TestIo({
    env: { XDG_STATE_HOME: "/nowhere", ROOMZ_SERVER_URL: url, ROOMZ_TOKEN: session },
    stdin: "at last\n",
  });
  const ended = main(["chat"], io);
  await io.stderr.until(/Waiting/);
  await using _server = await serve(port);
  await using other = await AsyncClient.open(url, session);
  const message = other.waitFor("message", { timeout: 10_000 });
  assertEquals((await message).content, "at last");
  assertEquals(await ended, 0);
});

const impatient: readonly (readonly string[])[] = [
  ["tail", "--no-wait"],
  ["tail", "--wait", "0"],
  ["chat", "--plain", "--no-wait"],
  ["bot", "run", "--no-wait", "echo.ts"],
  ["bot", "run", "--watch", "--wait=0s", "echo.ts"],
  ["send", "hello"],
];
for (const args of impatient) {
  Deno.test(`${args.join(" ")} fails at once if the server is not up`, async () => {
    const { url, session } = await prepare();
    await using home = await TestHome.make({ "echo.ts": BOT });
    const env = { ...home.env, ROOMZ_SERVER_URL: url, ROOMZ_TOKEN: session };
    const { exitCode, stderr } = await roomz(args, { env, workingFolder: home.path });
    assertEquals(exitCode, 4);
    assertMatch(stderr, /^roomz: No answer from .*\. Try again, or check the server with: .*\n$/);
  });
}

for (const args of [["tail"], ["chat"], ["bot", "run", "echo.ts"]]) {
  Deno.test(`${args.join(" ")} --wait 1s gives up after a second with code 4`, async () => {
    const { url, session } = await prepare();
    await using home = await TestHome.make({ "echo.ts": BOT });
    const env = { ...home.env, ROOMZ_SERVER_URL: url, ROOMZ_TOKEN: session };
    const start = performance.now();
    const { exitCode, stderr } = await roomz([...args, "--wait", "1s"], {
      env,
      workingFolder: home.path,
    });
    assert(performance.now() - start >= 1_000);
    assertEquals(exitCode, 4);
    assertMatch(stderr, /^No answer .* Waiting for the server for up to 1 s\.\nroomz: No answer /);
  });
}

Deno.test("Ctrl+C ends a wait with 130; SIGTERM ends that of a bot with 0", async () => {
  const { url, session } = await prepare();
  await using home = await TestHome.make({ "echo.ts": BOT });
  const env = { ...home.env, ROOMZ_SERVER_URL: url, ROOMZ_TOKEN: session };
  const runs = [
    [["tail"], "SIGINT", 130],
    [["chat"], "SIGTERM", 130],
    [["bot", "run", "echo.ts"], "SIGINT", 130],
    [["bot", "run", "echo.ts"], "SIGTERM", 0],
    [["bot", "run", "--watch", "echo.ts"], "SIGTERM", 0],
  ] as const;
  for (const [args, signal, exitCode] of runs) {
    const io = new TestIo({ env, workingFolder: home.path, stdin: null });
    const ended = main(args, io);
    await io.stderr.until(/Waiting/);
    io.interrupt(signal);
    assertEquals([args, await ended], [args, exitCode]);
  }
});

/** Answers of something that is not a running Roomz server, and whether waiting for one helps. */
const answers: readonly [what: string, answer: () => Response, waits: boolean][] = [
  ["502 of a proxy", () => new Response("bad gateway", { status: 502 }), true],
  [
    "503 with Retry-After",
    () => new Response("", { status: 503, headers: { "retry-after": "1" } }),
    true,
  ],
  ["504 of a proxy", () => new Response("", { status: 504 }), true],
  ["429", () => new Response("", { status: 429 }), true],
  ["404 of another server", () => new Response("no", { status: 404 }), false],
  ["200 of another server", () => new Response("<html>"), false],
  ["a redirect", () => Response.redirect("https://roomz.example/"), false],
  ["403", () => new Response("", { status: 403 }), false],
];
for (const [what, answer, waits] of answers) {
  Deno.test(`tail ${waits ? "waits" : "fails at once"} when the answer is ${what}`, async () => {
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
    const env = {
      XDG_STATE_HOME: "/nowhere",
      ROOMZ_SERVER_URL: `http://127.0.0.1:${server.addr.port}`,
      ROOMZ_TOKEN: "head.payload.signature",
    };
    const io = new TestIo({ env });
    const ended = main(["tail"], io);
    if (waits) {
      await io.stderr.until(/Waiting for the server/);
      io.interrupt();
    }
    assertEquals(await ended, waits ? 130 : 4);
    assertEquals(io.stderr.text.includes("Waiting"), waits);
  });
}

for (const host of ["tls.roomz.invalid", "certificate.roomz.invalid"]) {
  Deno.test(`tail waits for the host name ${host} to resolve`, async () => {
    const env = { XDG_STATE_HOME: "/nowhere", ROOMZ_TOKEN: "head.payload.signature" };
    const io = new TestIo({ env });
    const ended = main(["tail", "-s", `http://${host}`], io);
    await io.stderr.until(/dns error.*Waiting for the server/);
    io.interrupt();
    assertEquals(await ended, 130);
  });
}

Deno.test("tail without a session fails at once: waiting does not help", async () => {
  await using server = await serve(0);
  const { exitCode, stderr } = await roomz(["tail", "-s", server.url], {
    env: { XDG_STATE_HOME: "/nowhere" },
  });
  assertEquals(exitCode, 3);
  assertMatch(stderr, /^roomz: Not logged in/);
});

for (const value of ["soon", "-1", "1.5", "10x", "s", "", "25h", "1s2m", "1e3"]) {
  Deno.test(`--wait=${value} is a usage error`, async () => {
    const { exitCode, stderr } = await roomz(["tail", `--wait=${value}`]);
    assertEquals(exitCode, 2);
    assertStringIncludes(stderr, `such as 30s, 5m or 1h30m, but is "${value}".`);
  });
}

Deno.test("--wait and --no-wait exclude each other", async () => {
  const both = await roomz(["tail", "--wait", "1s", "--no-wait"]);
  assertEquals(both.exitCode, 2);
  assertStringIncludes(both.stderr, "--wait cannot be combined with --no-wait.");
});

class ScreenIo extends TestIo {
  readonly terminal = {
    size: () => ({ columns: 80, rows: 24 }),
    onChange: () => () => {},
    onExit: () => () => {},
    writeNow() {},
  };
}

for (const option of ["--wait=30s", "--no-wait"]) {
  Deno.test(`${option} is a usage error for the full-screen chat, which tries until it is left`, async () => {
    const io = new ScreenIo({ terminalColumns: 80 });
    assertEquals(await main(["chat", option], io), 2);
    assertStringIncludes(io.stderr.text, "--wait and --no-wait require --plain");
  });
}

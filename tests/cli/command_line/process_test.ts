/**
 * What only a real process can show: exit codes, signals, pipes, permissions.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { output, readUntil, spawnRoomz } from "../support/spawned.ts";
import { TestServer } from "../support/test_server.ts";

Deno.test("the exit codes reach the shell", async () => {
  await using server = await TestServer.start();
  const { XDG_STATE_HOME: state } = server.home;
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const noServer = `http://127.0.0.1:${closed.addr.port}`;
  closed.close();

  const runs: readonly [args: string[], code: number][] = [
    [["--version"], 0],
    [["whoami", "--bogus"], 2],
    [["whoami", "-s", server.url], 3],
    [["login", "ada@example.com", "-s", noServer], 4],
    [["login", "eve@example.com", "-s", server.url], 1],
  ];
  const codes = await Promise.all(runs.map(async ([args]) => {
    const { code, stderr } = await output(spawnRoomz(args, state));
    assertNotMatch(stderr, /^ +at /m);
    return [args, code];
  }));
  assertEquals(codes, runs.map((run) => [...run]));
});

Deno.test("login, whoami and send work in pipes, and only the owner can read the session file", async () => {
  await using server = await TestServer.start();
  const { XDG_STATE_HOME: state, ROOMZ_SERVER_URL } = server.home;
  const env = { ROOMZ_SERVER_URL };

  const login = spawnRoomz(["login"], state, env);
  await write(login, await server.session());
  assertEquals((await output(login)).code, 0);
  if (Deno.build.os !== "windows") {
    const file = await Deno.stat(`${state}/roomz/sessions.kv`);
    assertEquals((file.mode ?? 0) & 0o777, 0o600);
  }

  const whoami = await output(spawnRoomz(["whoami"], state, env));
  assertEquals(whoami, { code: 0, stdout: "ada@example.com\n", stderr: "" });

  await using listener = await AsyncClient.open(server.url, await server.session());
  const message = listener.waitFor("message", { timeout: 10_000 });
  const send = spawnRoomz(["send", "-"], state, env);
  await write(send, "from a pipe\n");
  assertEquals(await output(send), { code: 0, stdout: "", stderr: "" });
  assertEquals((await message).content, "from a pipe");
});

Deno.test("help in a pipe has no colours", async () => {
  const { code, stdout } = await output(spawnRoomz(["--help"], "/nowhere"));
  assertEquals(code, 0);
  assertStringIncludes(stdout, "roomz login ada@example.com");
  // deno-lint-ignore no-control-regex -- the test looks for escape characters
  assertNotMatch(stdout, /\x1b/);
});

Deno.test("tail exits quietly when its reader closes the pipe, as head does", async () => {
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const tail = spawnRoomz(["tail", "--json"], "/nowhere", {
    ROOMZ_SERVER_URL: server.url,
    ROOMZ_TOKEN: await server.session(),
  });
  const stderr = tail.stderr.getReader();
  await readUntil(stderr, /Listening/);
  const stdout = tail.stdout.getReader();
  await other.send("first");
  assertMatch(await readUntil(stdout, /\n/), /"first"/);
  await stdout.cancel();

  // Only a write detects a closed pipe, and the first one may still fit into its buffer.
  let ended = false;
  const status = tail.status.finally(() => ended = true);
  while (!ended) await other.send("more");
  assertEquals((await status).code, 0);
  assertEquals(await rest(stderr), "");
  await tail.stdin.close();
});

Deno.test({
  name: "Ctrl+C ends tail with 130; SIGTERM ends serve with 0 and frees its port, SIGHUP does not",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = await TestServer.start();
    const tail = spawnRoomz(["tail"], "/nowhere", {
      ROOMZ_SERVER_URL: server.url,
      ROOMZ_TOKEN: await server.session(),
    });
    const tailErrors = tail.stderr.getReader();
    await readUntil(tailErrors, /Listening/);
    tail.kill("SIGINT");
    assertEquals((await tail.status).code, 130);
    assertEquals(await rest(tailErrors), "");
    await Promise.all([tail.stdin.close(), tail.stdout.cancel()]);

    // serve imports the server on demand, which requires read permission.
    const root = fromFileUrl(new URL("../../../", import.meta.url));
    const serve = spawnRoomz(["serve", "--allow-all", "--port", "0"], root);
    const data = serve.stdout.getReader();
    const url = await readUntil(data, /\n/);
    // Without a terminal, serve ignores SIGHUP.
    serve.kill("SIGHUP");
    await (await fetch(new URL("/auth/me", url.trim()))).body?.cancel();
    serve.kill("SIGTERM");
    assertEquals((await serve.status).code, 0);
    Deno.listen({ hostname: "127.0.0.1", port: Number(new URL(url).port) }).close();
    await Promise.all([serve.stdin.close(), data.cancel(), serve.stderr.cancel()]);
  },
});

Deno.test({
  name: "bot run imports a bot from disk, and SIGTERM ends it with 0",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = await TestServer.start();
    const { bot, botErrors } = await runBotFile(
      server,
      'export default defineBot({ name: "pinger", commands: { "ping": "pong" } });',
    );
    await readUntil(botErrors, /pinger: ready/);

    await using other = await AsyncClient.open(server.url, await server.session());
    const messages = other.messages();
    await other.send("@pinger ping");
    await messages.next();
    assertEquals((await messages.next()).value?.content, "pong");

    bot.kill("SIGTERM");
    assertEquals((await bot.status).code, 0);
    assertNotMatch(await rest(botErrors), /roomz:/);
    await Promise.all([bot.stdin.close(), bot.stdout.cancel()]);
  },
});

Deno.test({
  name:
    "a SIGTERM that arrives twice, as under deno task, lets the running handlers of a bot finish",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = await TestServer.start();
    const { bot, botErrors } = await runBotFile(
      server,
      "const pause = () => new Promise((resolve) => setTimeout(resolve, 1_000));\n" +
        "const slow = async ({ log }) => { log.info('begun'); await pause(); return 'done'; };\n" +
        'export default defineBot({ name: "sleeper", commands: { slow } });',
    );
    await readUntil(botErrors, /sleeper: ready/);
    await using other = await AsyncClient.open(server.url, await server.session());
    const messages = other.messages();
    await other.send("!slow");
    await messages.next();
    await readUntil(botErrors, /begun/);
    bot.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 10));
    bot.kill("SIGTERM");
    assertEquals((await bot.status).code, 0);
    assertEquals((await messages.next()).value?.content, "done");
    await Promise.all([rest(botErrors), bot.stdin.close(), bot.stdout.cancel()]);
  },
});

async function write(child: Deno.ChildProcess, text: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

/** The rest of a stream. */
async function rest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value);
  }
}

/** Starts `roomz bot run` with a file of this code, which has `defineBot`. */
async function runBotFile(server: TestServer, code: string) {
  const { XDG_STATE_HOME: state } = server.home;
  const file = `${state}/bot.ts`;
  await Deno.writeTextFile(file, `import { defineBot } from "@roomz/roomz/bot";\n${code}`);
  const bot = spawnRoomz(["bot", "run", file], state, {
    ROOMZ_SERVER_URL: server.url,
    ROOMZ_TOKEN: await server.session(),
  });
  return { bot, botErrors: bot.stderr.getReader() };
}

import { main, OutputClosed } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TestIo, type TestIoOptions } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

interface Tail extends AsyncDisposable {
  readonly io: TestIo;
  readonly ended: Promise<number>;
  readonly other: AsyncClient;
  readonly server: TestServer;
}

/** `roomz tail` that is listening, and another connection to send from. */
async function startTail(args: readonly string[], options: TestIoOptions = {}): Promise<Tail> {
  const server = await TestServer.start();
  const other = await AsyncClient.open(server.url, await server.session());
  const io = new TestIo({ ...options, env: await server.token() });
  const ended = main(["tail", ...args], io);
  await io.stderr.until(/Listening/);
  return {
    io,
    ended,
    other,
    server,
    async [Symbol.asyncDispose]() {
      io.interrupt();
      await ended;
      await other.disconnect();
      await server[Symbol.asyncDispose]();
    },
  };
}

Deno.test("tail prints sender and text, and exits after --count messages", async () => {
  await using tail = await startTail(["--count", "2"]);
  await tail.other.setDisplayName("Laptop <1>");
  await tail.other.send("a <b> & c");
  await tail.other.setDisplayName(null);
  await tail.other.send("two\nlines");
  await tail.other.send("one too many");
  assertEquals(await tail.ended, 0);
  assertMatch(
    tail.io.stdout.text,
    /^\d\d:\d\d Laptop <1> \(ada@example\.com\): a <b> & c\n\d\d:\d\d ada@example\.com: two\n {4}lines\n$/,
  );
});

Deno.test("tail reports on stderr where it listens", async () => {
  await using tail = await startTail([]);
  assertEquals(
    tail.io.stderr.text,
    `Listening on ${tail.server.url} as ada@example.com. Press Ctrl+C to stop.\n`,
  );
});

Deno.test("tail --json prints one JSON object per message", async () => {
  await using tail = await startTail(["--json", "--count", "2"]);
  const sent = await tail.other.send("line\u2028 \x1b[2J \x9b \u202e \n end");
  await tail.other.send("x".repeat(1_000));
  assertEquals(await tail.ended, 0);
  const [first = "", second = "", ...rest] = tail.io.stdout.text.split("\n");
  assertEquals(rest, [""]);
  assert(sent.status === "ok");
  assertEquals(JSON.parse(first), {
    id: sent.message_id,
    timestamp: sent.timestamp,
    user: { id: "user:ada@example.com", email: "ada@example.com", display_name: null },
    content: "line\u2028 \x1b[2J \x9b \u202e \n end",
    maybe_truncated: false,
  });
  // deno-lint-ignore no-control-regex -- the test looks for escape characters
  assert(!/[\x00-\x1f\x7f-\x9f\u2028\u202e]/.test(first));
  assertEquals(JSON.parse(second).maybe_truncated, true);
});

Deno.test("a message can neither inject terminal escape sequences nor imitate another message", async () => {
  await using tail = await startTail(["--count", "1"], { terminalColumns: 40 });
  await tail.other.send(`\x1b]0;x\x07\r\n12:00 eve: ${"x".repeat(40)}12:00 eve: hi`);
  await tail.ended;
  const [, ...continued] = tail.io.stdout.text.trimEnd().split("\n");
  assert(continued.length >= 2);
  for (const line of continued) assertMatch(line, /^ {4}/);
  // deno-lint-ignore no-control-regex -- the test looks for escape characters
  assert(!/[\x00-\x09\x0b-\x1f\x7f]/.test(tail.io.stdout.text));
});

Deno.test("Ctrl+C and SIGTERM end tail with 130 and no output", async () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    await using tail = await startTail([]);
    tail.io.interrupt(signal);
    assertEquals(await tail.ended, 130);
    assertEquals(tail.io.stderr.text.trimEnd().split("\n").length, 1);
  }
});

Deno.test("tail --until prints the first matching message and exits", async () => {
  await using tail = await startTail(["--until", "^done: \\p{Lu}"]);
  for (const text of ["is it done: No", "done: no", "done: Ok", "more"]) {
    await tail.other.send(text);
  }
  assertEquals(await tail.ended, 0);
  const texts = tail.io.stdout.text.trimEnd().split("\n").map((line) => line.slice(6));
  assertEquals(texts, [
    "ada@example.com: is it done: No",
    "ada@example.com: done: no",
    "ada@example.com: done: Ok",
  ]);
});

Deno.test("tail reports a lost connection and the reconnection", async () => {
  await using tail = await startTail(["--count", "1"]);
  tail.server.server.disconnectAll();
  await tail.io.stderr.until(/Connection lost.* Trying again in \d+ s\./);
  await tail.io.stderr.until(/Reconnected/);
  await using other = await AsyncClient.open(tail.server.url, await tail.server.session());
  await other.send("still here");
  assertEquals(await tail.ended, 0);
  assertStringIncludes(tail.io.stdout.text, "still here");
});

Deno.test("tail keeps reconnecting, no matter how long the server is down", async () => {
  const start = (port: number): Promise<DevServer> =>
    createDevServer({
      port,
      allowedEmails: ["ada@example.com"],
      jwtSecret: "the same for both servers, 32 characters",
      log: () => {},
    });
  const server = await start(0);
  const session = await server.mintSession("ada@example.com");
  const io = new TestIo({ env: { ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN: session } });
  const ended = main(["tail", "--count", "1"], io);
  await io.stderr.until(/Listening/);

  {
    using _waiting = shorterWaits(50);
    await server.close();
    // By default a client gives up after five attempts.
    await io.stderr.until(/(Trying again(.|\n)*){8}/);
    assertMatch(io.stderr.text, /If this persists, check the server with: roomz doctor -s http/);
    await using again = await start(Number(new URL(server.url).port));
    await io.stderr.until(/Reconnected/);
    await using other = await AsyncClient.open(again.url, session);
    await other.send("still here");
    assertEquals(await ended, 0);
  }
  assertStringIncludes(io.stdout.text, "still here");
});

/** Until it is disposed, timers end earlier, but those that find a connection dead. */
function shorterWaits(factor: number): Disposable {
  const { setTimeout } = globalThis;
  const shorter = (run: () => void, delay = 0): unknown =>
    setTimeout(run, delay > 40_000 ? delay : delay / factor);
  Reflect.set(globalThis, "setTimeout", shorter);
  return { [Symbol.dispose]: () => void Reflect.set(globalThis, "setTimeout", setTimeout) };
}

Deno.test("tail exits quietly if its reader closed the pipe", async () => {
  await using tail = await startTail([]);
  tail.io.stdout.write = () => Promise.reject(new OutputClosed());
  await tail.other.send("unread");
  assertEquals(await tail.ended, 0);
  assertEquals(tail.io.stderr.text.trimEnd().split("\n").length, 1);
});

Deno.test("a pattern that backtracks forever on a message ends tail with 2 and the reason", async () => {
  await using tail = await startTail(["--until", "^(a+)+$"]);
  await tail.other.send(`${"a".repeat(60)}!`);
  assertEquals(await tail.ended, 2);
  assertMatch(tail.io.stdout.text, /a{60}!\n$/);
  assertMatch(
    tail.io.stderr.text,
    /\nroomz: --until timed out on a message of 61 characters\. .*\n$/,
  );
});

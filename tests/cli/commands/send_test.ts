import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

/** What another connection of the user receives while `roomz` runs with `args`. */
async function received(
  args: readonly string[],
  stdin: string | Uint8Array = "",
): Promise<{ exitCode: number; stdout: string; stderr: string; contents: string[] }> {
  await using server = await TestServer.start();
  await using listener = await AsyncClient.open(server.url, await server.session());
  const messages = listener.messages();
  const ended = await roomz(args, { env: await server.token(), stdin });
  // The server delivers in order: what comes before this one is all.
  await listener.send("end");
  const contents: string[] = [];
  for await (const { content } of messages) {
    if (content === "end") break;
    contents.push(content);
  }
  return { ...ended, contents };
}

Deno.test("send joins its words to one message, and says nothing", async () => {
  assertEquals(await received(["send", "Hello", "<b>", "&amp;", "it's"]), {
    exitCode: 0,
    stdout: "",
    stderr: "",
    contents: ["Hello <b> &amp; it's"],
  });
});

Deno.test("send - takes the text from stdin, lines and all", async () => {
  const { exitCode, contents } = await received(["send", "-"], "one\n two\n\nthree — ✓\n");
  assertEquals({ exitCode, contents }, { exitCode: 0, contents: ["one\n two\n\nthree — ✓"] });
});

Deno.test("what follows -- is text, even when it looks like an option", async () => {
  assertEquals((await received(["send", "--", "--json", "-x"])).contents, ["--json -x"]);
  assertEquals((await received(["send", "a", "--", "-5"])).contents, ["a -5"]);
  assertEquals((await received(["send", "a", "", "--", "--b="])).contents, ["a  --b="]);
});

Deno.test("send --json prints the id and time that the server gave", async () => {
  const { stdout, contents } = await received(["send", "--json", "hi"]);
  const { message_id, timestamp, ...rest } = JSON.parse(stdout);
  assertMatch(message_id, /^[\w-]{8,}$/);
  assert(!Number.isNaN(Date.parse(timestamp)));
  assertEquals({ rest, contents }, { rest: {}, contents: ["hi"] });
});

Deno.test("a text that is too long is refused before anything is sent", async () => {
  const { exitCode, stderr, contents } = await received(["send", "-"], "word ".repeat(500));
  assertEquals({ exitCode, contents }, { exitCode: 2, contents: [] });
  assertStringIncludes(stderr, "too long for one message. Add --split to send it as 3 messages.");
});

Deno.test("send --split sends all of a long text, in order", async () => {
  const text = Array.from({ length: 500 }, (_, i) => `word${i}`).join(" ");
  const { exitCode, stdout, contents } = await received(["send", "--split", "--json", "-"], text);
  assertEquals(exitCode, 0);
  assertEquals(contents.join(" "), text);
  assertEquals(stdout.trim().split("\n").length, contents.length);
});

for (const [args, stdin] of [[["send"], ""], [["send", "-"], " \n"], [["send", ""], ""]] as const) {
  Deno.test(`${JSON.stringify(args)} with ${JSON.stringify(stdin)} on stdin has nothing to send`, async () => {
    const { exitCode, stderr } = await roomz(args, { stdin });
    assertEquals({ exitCode, stderr }, {
      exitCode: 2,
      stderr: "roomz: Nothing to send. Pass the text as an argument, or - to read it " +
        "from stdin.\n",
    });
  });
}

Deno.test("bytes that are no text are refused, not sent mangled", async () => {
  const { exitCode, stderr } = await roomz(["send", "-"], { stdin: new Uint8Array([0x68, 0xff]) });
  assertEquals(exitCode, 2);
  assertEquals(stderr, "roomz: stdin is not valid UTF-8 text.\n");
});

Deno.test("a part that fails tells how many were sent before it, and a lost connection is 4", async () => {
  await using server = await TestServer.start();
  await using listener = await AsyncClient.open(server.url, await server.session());
  listener.on("message", () => server.server.disconnectAll());
  const { exitCode, stderr } = await roomz(["send", "--split", "-"], {
    env: await server.token(),
    stdin: "word ".repeat(2_000),
  });
  assertEquals(exitCode, 4);
  assertMatch(stderr, /^roomz: \d of 10 parts were sent, then: /);
});

/** A server, and another connection that answers `ping` with `pong`, after its own small talk. */
async function withAnswers(
  run: (env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  other.on("message", async ({ content, own }) => {
    if (!own && content === "ping") await other.send("pong\n\x1b[2J");
  });
  await run(await server.token());
}

Deno.test("send --wait-reply prints what another connection says next, and not its own message", async () => {
  await withAnswers(async (env) => {
    assertEquals(await roomz(["send", "--wait-reply", "ping"], { env }), {
      exitCode: 0,
      stdout: "pong\n    ␛[2J\n",
      stderr: "",
    });
    const { stdout } = await roomz(["send", "--wait-reply", "--json", "ping"], { env });
    const [sent = "", reply = ""] = stdout.split("\n");
    assertMatch(JSON.parse(sent).message_id, /./);
    assertEquals(JSON.parse(reply).content, "pong\n\x1b[2J");
  });
});

Deno.test("a reply that does not come in time is a failure that says the message was sent", async () => {
  await withAnswers(async (env) => {
    const { exitCode, stdout, stderr } = await roomz(
      ["send", "--wait-reply", "--timeout", "1", "nobody answers"],
      { env },
    );
    assertEquals({ exitCode, stdout }, { exitCode: 1, stdout: "" });
    assertEquals(
      stderr,
      "roomz: The message was sent, but no reply came within 1 s. Use --timeout to wait longer.\n",
    );
  });
});

Deno.test("Ctrl+C ends the wait for a reply with 130", async () => {
  await withAnswers(async (env) => {
    const io = new TestIo({ env });
    await using listener = await AsyncClient.open(
      env["ROOMZ_SERVER_URL"] ?? "",
      env["ROOMZ_TOKEN"],
    );
    const sent = listener.waitFor("message", { timeout: 10_000 });
    const ended = main(["send", "--wait-reply", "nobody answers"], io);
    await sent;
    io.interrupt();
    assertEquals([await ended, io.stderr.text], [130, ""]);
  });
});

/** A server that lets everyone in, and does as `answer` says with the first message. */
function serverThat(
  answer: (socket: WebSocket, id: string) => void,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    const timing = { pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000 };
    socket.onopen = () => socket.send(`0${JSON.stringify({ sid: "s", upgrades: [], ...timing })}`);
    socket.onmessage = ({ data }) => {
      const [, id] = /^42(\d+)/.exec(String(data)) ?? [];
      if (id !== undefined) return answer(socket, id);
      const user = { id: "user:ada@example.com", email: "ada@example.com", display_name: null };
      const authenticated = ["authenticated", { user, channel: user.id, server_time: "" }];
      socket.send(`42${JSON.stringify(authenticated)}`);
      socket.send('40{"sid":"c"}');
    };
    return response;
  });
}

const failures: readonly [
  what: string,
  answer: (socket: WebSocket, id: string) => void,
  exitCode: number,
  says: RegExp,
][] = [
  ["is refused", answeredWith(400), 1, /^roomz: no\n$/],
  ["comes from a session that has ended", answeredWith(401), 3, /^roomz: no\n$/],
  [
    "may have arrived",
    (socket) => socket.close(),
    4,
    /^roomz: .*the message may have arrived\.\n$/,
  ],
];
for (const [what, answer, exitCode, says] of failures) {
  Deno.test(`a message that ${what} ends send with ${exitCode}`, async () => {
    await using server = serverThat(answer);
    const ended = await roomz(["send", "--json", "hi"], {
      env: { ROOMZ_SERVER_URL: `http://127.0.0.1:${server.addr.port}`, ROOMZ_TOKEN: "a.b.c" },
    });
    assertEquals([ended.exitCode, ended.stdout], [exitCode, ""]);
    assertMatch(ended.stderr, says);
  });
}

function answeredWith(code: number): (socket: WebSocket, id: string) => void {
  return (socket, id) => socket.send(`43${id}${JSON.stringify([{ error: "no", code }])}`);
}

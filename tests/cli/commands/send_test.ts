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
  // The server delivers in order, so nothing else arrives after this one.
  await listener.send("end");
  const contents: string[] = [];
  for await (const { content } of messages) {
    if (content === "end") break;
    contents.push(content);
  }
  return { ...ended, contents };
}

Deno.test("send joins its arguments to one message, and prints nothing", async () => {
  assertEquals(await received(["send", "Hello", "<b>", "&amp;", "it's"]), {
    exitCode: 0,
    stdout: "",
    stderr: "",
    contents: ["Hello <b> &amp; it's"],
  });
});

Deno.test("send - reads the text from stdin, with its line breaks", async () => {
  const { exitCode, contents } = await received(["send", "-"], "one\n two\n\nthree — ✓\n");
  assertEquals({ exitCode, contents }, { exitCode: 0, contents: ["one\n two\n\nthree — ✓"] });
});

Deno.test("arguments after -- are text, even if they look like options", async () => {
  assertEquals((await received(["send", "--", "--json", "-x"])).contents, ["--json -x"]);
  assertEquals((await received(["send", "a", "--", "-5"])).contents, ["a -5"]);
  assertEquals((await received(["send", "a", "", "--", "--b="])).contents, ["a  --b="]);
});

Deno.test("send --json prints the message id and timestamp from the server", async () => {
  const { stdout, contents } = await received(["send", "--json", "hi"]);
  const { message_id, timestamp, ...rest } = JSON.parse(stdout);
  assertMatch(message_id, /^[\w-]{8,}$/);
  assert(!Number.isNaN(Date.parse(timestamp)));
  assertEquals({ rest, contents }, { rest: {}, contents: ["hi"] });
});

Deno.test("a text that is too long is rejected before anything is sent", async () => {
  const { exitCode, stderr, contents } = await received(["send", "-"], "word ".repeat(500));
  assertEquals({ exitCode, contents }, { exitCode: 2, contents: [] });
  assertStringIncludes(stderr, "too long for one message. Add --split to send it as 3 messages.");
});

Deno.test("send --split sends a long text in several messages, in order", async () => {
  const text = Array.from({ length: 500 }, (_, i) => `word${i}`).join(" ");
  const { exitCode, stdout, contents } = await received(["send", "--split", "--json", "-"], text);
  assertEquals(exitCode, 0);
  assertEquals(contents.join(" "), text);
  assertEquals(stdout.trim().split("\n").length, contents.length);
});

for (const [args, stdin] of [[["send"], ""], [["send", "-"], " \n"], [["send", ""], ""]] as const) {
  Deno.test(`${JSON.stringify(args)} with stdin ${JSON.stringify(stdin)} has nothing to send`, async () => {
    const { exitCode, stderr } = await roomz(args, { stdin });
    assertEquals({ exitCode, stderr }, {
      exitCode: 2,
      stderr: "roomz: Nothing to send. Pass the text as an argument, or - to read it " +
        "from stdin.\n",
    });
  });
}

Deno.test("bytes that are not UTF-8 are rejected instead of sent mangled", async () => {
  const { exitCode, stderr } = await roomz(["send", "-"], { stdin: new Uint8Array([0x68, 0xff]) });
  assertEquals(exitCode, 2);
  assertEquals(
    stderr,
    "roomz: stdin is not valid UTF-8 text. Convert it first, for example with iconv.\n",
  );
});

Deno.test("if a part fails, the error says how many were sent before; a lost connection exits with 4", async () => {
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

/** Runs `run` with a server on which another connection answers `!ping`, and the question `ping`, with `pong`. */
async function withAnswers(
  run: (env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  other.on("message", async ({ content, own }) => {
    if (!own && /^!ping$|^ping \(text\)/.test(content)) await other.send("pong\n\x1b[2J");
  });
  await run(await server.token());
}

Deno.test("send --wait-reply prints the reply to a call, and the answer to any other text", async () => {
  await withAnswers(async (env) => {
    for (const text of ["!ping", "ping"]) {
      assertEquals(await roomz(["send", "--wait-reply", text], { env }), {
        exitCode: 0,
        stdout: "pong\n    ␛[2J\n",
        stderr: "",
      });
      const { stdout } = await roomz(["send", "--wait-reply", "--json", text], { env });
      const [sent = "", reply = ""] = stdout.split("\n");
      assertMatch(JSON.parse(sent).message_id, /./);
      assertEquals(JSON.parse(reply).content, "pong\n\x1b[2J");
    }
  });
});

Deno.test("without a reply in time, send fails and says that the message was sent", async () => {
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

Deno.test("Ctrl+C while waiting for a reply exits with 130", async () => {
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

/** A server that accepts any session and calls `answer` for each message. */
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
  stderr: RegExp,
][] = [
  ["is rejected", answeredWith(400), 1, /^roomz: no\n$/],
  ["belongs to an expired session", answeredWith(401), 3, /^roomz: no\n$/],
  [
    "may have arrived",
    (socket) => socket.close(),
    4,
    /^roomz: .*the message may have arrived\.\n$/,
  ],
];
for (const [what, answer, exitCode, stderr] of failures) {
  Deno.test(`a message that ${what} makes send exit with ${exitCode}`, async () => {
    await using server = serverThat(answer);
    const ended = await roomz(["send", "--json", "hi"], {
      env: { ROOMZ_SERVER_URL: `http://127.0.0.1:${server.addr.port}`, ROOMZ_TOKEN: "a.b.c" },
    });
    assertEquals([ended.exitCode, ended.stdout], [exitCode, ""]);
    assertMatch(ended.stderr, stderr);
  });
}

function answeredWith(code: number): (socket: WebSocket, id: string) => void {
  return (socket, id) => socket.send(`43${id}${JSON.stringify([{ error: "no", code }])}`);
}

Deno.test("what a bot says to someone else is no reply to a text", async () => {
  await using server = await TestServer.start();
  await using phone = await AsyncClient.open(server.url, await server.session());
  await phone.setDisplayName("phone");
  await using bot = await AsyncClient.open(server.url, await server.session());
  await bot.setDisplayName("helper");
  bot.on("message", async ({ content }) => {
    if (content === "!ping") await bot.send("pong");
  });
  const asked = phone.waitFor("message", { timeout: 10_000 });
  const ended = roomz(["send", "--wait-reply", "Which branch?"], { env: await server.token() });
  const { content } = await asked;
  assertMatch(content, /^Which branch\? \(text\) \[\w{3}\]$/);
  const pong = phone.waitFor("message", { timeout: 10_000 });
  await phone.send("!ping");
  await pong;
  await phone.send("main");
  assertEquals(await ended, { exitCode: 0, stdout: "main\n", stderr: "" });
});

Deno.test("a text too long for a handle is followed by a question of its own", async () => {
  await using server = await TestServer.start();
  await using phone = await AsyncClient.open(server.url, await server.session());
  const contents: string[] = [];
  phone.on("message", async ({ content, own }) => {
    if (own) return;
    contents.push(content);
    const [, handle] = /^Your reply: \(text\) \[(\w{3})\]$/.exec(content) ?? [];
    if (handle !== undefined) await phone.send(`${handle} fine`);
  });
  const { stdout } = await roomz(["send", "--wait-reply", "--json", "--split", "-"], {
    env: await server.token(),
    stdin: "word ".repeat(300),
  });
  assertEquals(contents.length, 3);
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map((line) => Object.keys(line).length), [2, 2, 5]);
  assertEquals(lines[2].content, "fine");
});

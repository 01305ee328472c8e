import { main, OutputClosed } from "@roomz/roomz/cli";
import { AsyncClient, type Message } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

interface Chat extends AsyncDisposable {
  readonly io: TestIo;
  readonly ended: Promise<number>;
  readonly other: AsyncClient;
  readonly server: TestServer;
  /** What the other connection receives. */
  received(): Promise<Message>;
}

/** A connected chat, and another connection to exchange messages with. */
async function startChat(
  args: readonly string[] = ["chat"],
  options: { readonly hostName?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Chat> {
  const server = await TestServer.start();
  const other = await AsyncClient.open(server.url, await server.session());
  const messages = other.messages();
  const env = { ...await server.token(), ...options.env };
  const io = new TestIo({ ...options, env, terminalColumns: 80, stdin: null });
  const ended = main(args, io);
  await io.stderr.until(/Connected to/);
  return {
    io,
    ended,
    other,
    server,
    async received() {
      for (;;) {
        const { value } = await messages.next();
        if (value === undefined) throw new Error("the other connection is gone");
        if (!value.own) return value;
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

for (const args of [["chat"], []]) {
  Deno.test(`roomz ${args.join(" ")} sends typed lines and prints messages from others`, async () => {
    await using chat = await startChat(args);
    chat.io.stdin.type("Hel");
    chat.io.stdin.type("lo\n\nagain\r\n");
    assertEquals((await chat.received()).content, "Hello");
    assertEquals((await chat.received()).content, "again");
    await chat.other.send("Hi");
    await chat.io.stdout.until(/^\d\d:\d\d ada@example\.com: Hi\n$/);
    chat.io.stdin.type("/quit\n");
    assertEquals(await chat.ended, 0);
  });
}

Deno.test("at the end of input, the chat sends the last line and exits", async () => {
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const message = other.waitFor("message", { timeout: 5_000 });
  const { exitCode } = await roomz(["chat"], { env: await server.token(), stdin: "no newline" });
  assertEquals(exitCode, 0);
  assertEquals((await message).content, "no newline");
});

Deno.test("the chat exits quietly if its reader closed the pipe, even if input continues", async () => {
  await using chat = await startChat();
  chat.io.stdout.write = () => Promise.reject(new OutputClosed());
  await chat.other.send("unread");
  assertEquals(await chat.ended, 0);
  assertEquals(chat.io.stderr.text.trimEnd().split("\n").length, 1);
});

Deno.test("if a message cannot be printed, the chat exits with 1 and the reason", async () => {
  await using chat = await startChat();
  chat.io.stdout.write = () => Promise.reject(new Error("No space left on device"));
  await chat.other.send("unwritten");
  assertEquals(await chat.ended, 1);
  assertMatch(chat.io.stderr.text, /^roomz: No space left on device$/m);
});

Deno.test("/name sets and clears the display name", async () => {
  await using chat = await startChat();
  chat.io.stdin.type("/name Big  Laptop\nhi\n");
  assertEquals((await chat.received()).user.display_name, "Big  Laptop");
  await chat.io.stderr.until(/Display name set to Big {2}Laptop\./);
  chat.io.stdin.type("/name\nhi\n");
  assertEquals((await chat.received()).user.display_name, null);
  chat.io.stdin.type(`/name ${"x".repeat(51)}\n`);
  await chat.io.stderr.until(/50/);
});

Deno.test("the chat is named after the machine; /name renames it, and /name alone clears it", async () => {
  await using chat = await startChat(["chat"], { hostName: "server" });
  chat.io.stdin.type("hi\n");
  assertEquals((await chat.received()).user.display_name, "server");
  chat.io.stdin.type("/who\n");
  await chat.io.stderr.until(/^ *server – this window$/m);
  chat.io.stdin.type("/name Ada\n/who\n/name\n/who\nbye\n");
  await chat.io.stderr.until(/^ *Ada – this window$[^]*^ *\(unnamed\) – this window$/m);
  assertEquals((await chat.received()).user.display_name, null);
});

const rings: readonly [options: Parameters<typeof startChat>[1], text: string, rings: boolean][] = [
  [{ hostName: "server" }, "the server is down", false],
  [{ hostName: "server" }, "@server is down", true],
  [{ hostName: "server", env: { ROOMZ_DISPLAY_NAME: "server" } }, "the server is down", true],
  [{ hostName: "server", env: { ROOMZ_DISPLAY_NAME: "Ada" } }, "the server is down", false],
  [{ hostName: "server", env: { ROOMZ_DISPLAY_NAME: "" } }, "@server is down", false],
  [{ env: { ROOMZ_DISPLAY_NAME: "Ada" } }, "ada?", true],
];
for (const [options, text, expected] of rings) {
  Deno.test(`"${text}" ${expected ? "rings" : "does not ring"} with ${JSON.stringify(options)}`, async () => {
    await using chat = await startChat(["chat"], options);
    await chat.other.send(text);
    await chat.other.send("@all done");
    await chat.io.stdout.until(/done\n/);
    assertEquals(chat.io.stdout.text.includes("\x07"), expected);
  });
}

Deno.test("/who counts the connections whose names are unknown, and shows the number of its own", async () => {
  await using chat = await startChat(["chat"], { hostName: "laptop" });
  const { io, server, other } = chat;
  await using _third = await AsyncClient.open(server.url, await server.session());
  io.stdin.type("/who\n");
  await io.stderr.until(
    /^ *3 connections of .*\n *laptop – this window\n *2 other connections – name unknown$/m,
  );
  const env = { ...await server.token(), XDG_STATE_HOME: server.home.XDG_STATE_HOME };
  const tail = new TestIo({ env, hostName: "laptop" });
  const tailing = main(["tail"], tail);
  await tail.stderr.until(/Listening/);
  await other.setDisplayName("phone");
  await other.send("hello");
  await tail.stdout.until(/hello/);
  io.stdin.type("/who\n");
  await io.stderr.until(/^ *4 connections/m);
  await io.stderr.until(/^ *laptop 2 – last seen .*$/m);
  await io.stderr.until(/^ *1 other connection – name unknown$/m);
  tail.interrupt();
  await tailing;
});

Deno.test("a line that starts with two slashes is sent with one", async () => {
  await using chat = await startChat();
  chat.io.stdin.type("//etc/hosts\n");
  assertEquals((await chat.received()).content, "/etc/hosts");
});

const lines = [
  "/logout",
  "/usr/bin/env: not found",
  "//two slashes",
  "  /quit",
  "/wrod",
  "/token abc",
  "/clear",
];
Deno.test("piped input is data: lines that start with a slash are sent unchanged", async () => {
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const messages = other.messages();
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  const stdin = lines.map((line) => `${line}\n`).join("");
  const { exitCode } = await roomz(["chat"], { env: server.home, stdin });
  assertEquals(exitCode, 0);
  // The server strips white space.
  for (const line of lines) {
    assertEquals((await messages.next()).value?.content, line.trim());
  }
  assertEquals((await roomz(["whoami"], { env: server.home })).exitCode, 0);
});

Deno.test("with --commands, an unknown command in a pipe ends the chat with 2", async () => {
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const message = other.waitFor("message", { timeout: 5_000 });
  const { exitCode, stderr } = await roomz(["chat", "--commands"], {
    env: await server.token(),
    stdin: "first\n/nmae x\nlost\n",
  });
  assertEquals((await message).content, "first");
  assertEquals(exitCode, 2);
  assertMatch(stderr, /Unknown command: \/nmae\. Did you mean\s+\/name\?/);
});

Deno.test("at a terminal, an unknown command is reported, not sent, and the chat continues", async () => {
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const messages = other.messages();
  const io = new TestIo({ env: await server.token(), terminalColumns: 200, stdin: null });
  const ended = main(["chat", "--plain"], io);
  await io.stderr.until(/Connected to/);
  io.stdin.type("/nmae x\n/usr/bin/env: not found\n/quit\n");
  assertEquals((await messages.next()).value?.content, "/usr/bin/env: not found");
  assertEquals(await ended, 0);
  assertMatch(io.stderr.text, /Unknown command: \/nmae\. Did you mean \/name\?/);
});

Deno.test("/help lists the commands", async () => {
  await using chat = await startChat();
  chat.io.stdin.type("/help\n");
  for (const command of ["/name [NAME]", "/logout", "/quit"]) {
    await chat.io.stderr.until(new RegExp(command.replaceAll(/[[\]]/g, "\\$&")));
  }
});

Deno.test("/logout deletes the session, and the chat continues", async () => {
  await using server = await TestServer.start();
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  const { exitCode, stderr } = await roomz(["chat", "--commands"], {
    env: server.home,
    stdin: "/logout\nhi\n",
  });
  assertEquals(exitCode, 0);
  assertMatch(stderr, /Logged out\.\n✗ not sent: hi\n {4}Not connected\.\n$/);
  assertEquals((await roomz(["whoami"], { env: server.home })).exitCode, 3);
});

Deno.test("a line that is too long is reported, and the chat continues", async () => {
  await using chat = await startChat();
  chat.io.stdin.type(`${"x".repeat(1_001)}\nshort\n`);
  assertEquals((await chat.received()).content, "short");
  assertMatch(chat.io.stderr.text, /Not sent: too long[^]* 2\s+parts/);
});

Deno.test("a line typed while disconnected is reported as not sent", async () => {
  await using chat = await startChat();
  await chat.server.server.close();
  await chat.io.stderr.until(/Reconnecting, attempt 1 (in \d+ s|now): Connection lost/);
  chat.io.stdin.type("lost\n");
  await chat.io.stderr.until(/not sent: lost\n {4}Not connected/);
  chat.io.stdin.end();
  assertEquals(await chat.ended, 0);
});

Deno.test("Ctrl+C ends the chat with 130", async () => {
  await using chat = await startChat();
  chat.io.interrupt();
  assertEquals(await chat.ended, 130);
});

Deno.test("messages and display names cannot inject terminal escape sequences", async () => {
  await using chat = await startChat();
  await chat.other.setDisplayName("\u202eevil\u009b2J\x7f");
  await chat.other.send("\x1b[2J\x1b]52;c;aGk=\x07");
  await chat.io.stdout.until(/\n$/);
  assertMatch(
    chat.io.stdout.text,
    /: ␛\[2J␛\]52;c;aGk=␇\n$/,
  );
  // deno-lint-ignore no-control-regex -- the test looks for escape characters
  assert(!/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/.test(chat.io.stdout.text));
});

Deno.test("without a session, the chat says how to log in, and /login and /token work", async () => {
  await using server = await TestServer.start();
  const io = new TestIo({ env: server.home, terminalColumns: 200, stdin: null });
  const ended = main(["chat"], io);
  await io.stderr.until(/request a link with \/login EMAIL/);
  io.stdin.type("/login ada@example.com\n");
  await io.stderr.until(/Magic link sent to ada@example\.com/);
  io.stdin.type(`/token ${server.links[0]}\n/status\n`);
  await io.stderr.until(/connected\n {4}server: http.*\n {4}as: ada@example\.com\n/);
  io.stdin.type("/quit\n");
  assertEquals(await ended, 0);
  assert(!`${io.stdout.text}${io.stderr.text}`.includes("token="), "the link was shown");
});

Deno.test("/token without an argument asks at a hidden prompt", async () => {
  await using server = await TestServer.start();
  const io = new TestIo({ env: server.home, terminalColumns: 200, stdin: null });
  const ended = main(["chat", "--plain"], io);
  await io.stderr.until(/request a link with \/login EMAIL/);
  io.stdin.type("/token\n");
  await io.stderr.until(/Magic link or token: $/);
  assert(io.stdin.raw);
  io.stdin.type(`${await server.session()}\r`);
  await io.stderr.until(/Connected to .* as ada@example\.com/);
  assert(!io.stdin.raw);
  io.stdin.type("/quit\n");
  assertEquals(await ended, 0);
});

Deno.test("/who lists the connections seen, /search finds their messages", async () => {
  await using chat = await startChat();
  await chat.other.setDisplayName("phone");
  await chat.other.send("Lunch at noon?");
  await chat.io.stdout.until(/noon/);
  chat.io.stdin.type("/who\n/search LUNCH\n/search dinner\n");
  await chat.io.stderr.until(/\(unnamed\) – this window\n {4}phone – last seen \d\d:\d\d\n/);
  await chat.io.stderr.until(
    /1 message containing "LUNCH":\n\d\d:\d\d phone .*: Lunch at noon\?\n/,
  );
  await chat.io.stderr.until(/0 messages containing "dinner"\.\n/);
});

Deno.test("/export takes ~ and quoted names", async () => {
  const folder = await Deno.makeTempDir();
  await using chat = await startChat(["chat"], { env: { HOME: folder } });
  await chat.other.send("hello");
  await chat.io.stdout.until(/hello/);
  const names: readonly [typed: string, file: string][] = [
    ["~/home.txt", "home.txt"],
    [`"${folder}/two words.txt"`, "two words.txt"],
    [`'${folder}/single.txt'`, "single.txt"],
    [`"$HOME/variable.txt"`, "variable.txt"],
    [`${folder}/no quotes.txt`, "no quotes.txt"],
    [`~/Bob's talk.txt`, "Bob's talk.txt"],
  ];
  for (const [typed, file] of names) {
    chat.io.stdin.type(`/export ${typed}\n`);
    await chat.io.stderr.until(new RegExp(`Exported 1 message to [^.]*${file}`));
    assertMatch(await Deno.readTextFile(`${folder}/${file}`), /: hello\n$/);
  }
  for (const typed of [`"${folder}/open`, `"a" b`]) {
    chat.io.stdin.type(`/export ${typed}\n`);
    await chat.io.stderr.until(/Not a file name: /);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("/export writes a new file that only its owner can read", async () => {
  const folder = await Deno.makeTempDir();
  await using chat = await startChat();
  await chat.other.send("for\nlater");
  await chat.io.stdout.until(/later/);
  chat.io.stdin.type(`/export ${folder}/talk.txt\n`);
  await chat.io.stderr.until(/Exported 1 message to /);
  const file = `${folder}/talk.txt`;
  assertMatch(await Deno.readTextFile(file), /^\d\d:\d\d ada@example\.com: for\n {4}later\n$/);
  if (Deno.build.os !== "windows") assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  chat.io.stdin.type(`/export ${folder}/talk.txt\n`);
  await chat.io.stderr.until(/Could not write .*: the file\s+already\s+exists/);
  await Deno.remove(folder, { recursive: true });
});

import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { roomz } from "../../support/test_io.ts";
import { TestHome } from "../../support/test_home.ts";
import { TestServer } from "../../support/test_server.ts";
import { McpHost } from "./support/mcp_host.ts";

/** A person's phone in the room of the server. */
async function phoneIn(server: TestServer): Promise<AsyncClient> {
  return await AsyncClient.open(server.url, await server.session(), { displayName: "phone" });
}

const generations = {
  "2025": (options: { env: Record<string, string>; args?: string[] }) => McpHost.of2025(options),
  "2026": (options: { env: Record<string, string>; args?: string[] }) =>
    Promise.resolve(McpHost.of2026(options)),
};

for (const [year, start] of Object.entries(generations)) {
  Deno.test(`an agent of ${year} sends, reads, waits and lists devices`, async () => {
    await using server = await TestServer.start();
    await using phone = await phoneIn(server);
    await using host = await start({ env: await server.token() });
    const heard = phone.waitFor("message");
    const sent = await host.call("send_message", { text: "a <b> & c\nd" });
    assertEquals((await heard).content, "a <b> & c\nd");
    assertEquals((await heard).user.display_name, "probe");
    assertEquals((await heard).id, sent.structured.message_id);

    const waiting = host.call("wait_for_message", { from: "PHONE", pattern: "^done" });
    await host.call("list_devices"); // Calls are handled in order, so the wait has begun.
    await phone.send("not yet");
    await phone.send("done & dusted");
    const { structured } = await waiting;
    assertEquals(structured.status, "received");
    assertEquals(structured.message.content, "done & dusted");
    assertEquals(structured.message.device, "phone");

    const read = await host.call("read_messages");
    assertEquals(
      read.structured.messages.map((it: { content: string; own: boolean; device: string }) => [
        it.content,
        it.own,
        it.device,
      ]),
      [
        ["a <b> & c\nd", true, "probe"],
        ["not yet", false, "phone"],
        ["done & dusted", false, "phone"],
      ],
    );
    assertEquals(read.structured.more, false);
    const since = read.structured.messages[0].id;
    const rest = await host.call("read_messages", { since, limit: 1 });
    assertEquals(rest.structured.messages.length, 1);
    assertEquals(rest.structured.messages[0].content, "not yet");
    assertEquals(rest.structured.more, true);

    const { structured: list } = await host.call("list_devices");
    assertEquals(list.this_device, "probe");
    assertEquals(list.devices.map(({ name }: { name: string }) => name), ["phone"]);
    assertEquals(host.strayLines, []);
  });
}

Deno.test("nothing is connected, logged in or sent before a tool is called", async () => {
  await using server = await TestServer.start();
  await using phone = await phoneIn(server);
  let joined = 0;
  phone.on("user_joined", () => joined++);
  const env = await server.token();
  await using old = await McpHost.of2025({ env });
  await using modern = McpHost.of2026({ env });
  await old.request("ping");
  await old.request("tools/list");
  await modern.request("server/discover");
  await modern.request("tools/list");
  // Invalid calls need no room either.
  await old.call("send_message", {});
  await modern.call("wait_for_message", { handle: "x" });
  await phone.send("marker");
  assertEquals(joined, 0);
  await old.call("list_devices");
  await modern.call("list_devices");
  await phone.send("marker");
  assertEquals(joined, 2);
});

Deno.test("an unreachable server is an error that the model reads, and the next call tries again", async () => {
  await using home = await TestHome.make();
  const probe = await createDevServer({ port: 0, allowedEmails: "*", log() {}, onMagicLink() {} });
  const { port, url } = probe;
  await probe.close();
  const jwtSecret = "0123456789abcdef0123456789abcdef";
  const env = { ...home.env, ROOMZ_SERVER_URL: url };
  await using server = await createDevServer({
    port: 0,
    allowedEmails: "*",
    jwtSecret,
    log() {},
    onMagicLink() {},
  });
  const session = await server.mintSession("ada@example.com");
  await using host = await McpHost.of2025({ env: { ...env, ROOMZ_TOKEN: session } });
  const away = await host.call("send_message", { text: "hello" });
  assert(away.isError);
  assertMatch(away.text, /roomz doctor/);
  await using _back = await createDevServer({
    port,
    allowedEmails: "*",
    jwtSecret,
    log() {},
    onMagicLink() {},
  });
  assert(!(await host.call("send_message", { text: "hello" })).isError);
});

Deno.test("without a session the model reads how the person logs in", async () => {
  await using server = await TestServer.start();
  await using host = await McpHost.of2025({ env: server.home });
  const calls: Readonly<Record<string, Record<string, unknown>>> = {
    ask_human: { question: "Deploy?" },
    send_message: { text: "hello" },
    list_devices: {},
    read_messages: {},
    wait_for_message: {},
  };
  for (const [tool, args] of Object.entries(calls)) {
    const { isError, text } = await host.call(tool, args);
    assert(isError);
    // Only the host has the environment that names the server.
    assertEquals(text.split("\n").at(-1), `Log in with: roomz login -s ${server.url} EMAIL`);
  }
  const { ROOMZ_SERVER_URL: url, ...rest } = server.home;
  await using flagged = await McpHost.of2025({ args: ["-s", url], env: rest });
  assertMatch(
    (await flagged.call("list_devices")).text,
    new RegExp(`roomz login -s ${url} EMAIL$`),
  );
});

Deno.test("--read-only leaves out the tools that send", async () => {
  await using server = await TestServer.start();
  await using host = await McpHost.of2025({ args: ["--read-only"], env: await server.token() });
  const { result } = await host.request("tools/list");
  assertEquals(
    result.tools.map(({ name }: { name: string }) => name).sort(),
    ["list_devices", "read_messages", "wait_for_message"],
  );
  const { error } = await host.request("tools/call", {
    name: "send_message",
    arguments: { text: "x" },
  });
  assertEquals(error?.code, -32602);
});

Deno.test("every tool declares its schemas and whether it only reads", async () => {
  await using host = await McpHost.of2025();
  const { result } = await host.request("tools/list");
  for (const { name, description, inputSchema, outputSchema, annotations } of result.tools) {
    assert(description.length > 50, name);
    assertEquals(inputSchema.type, "object");
    assertEquals(inputSchema.additionalProperties, false);
    assertEquals(outputSchema.type, "object");
    assertEquals(annotations.readOnlyHint, !/^(send_message|ask_human)$/.test(name));
    assertEquals(annotations.openWorldHint, true);
    assert(!("$schema" in inputSchema), "hosts of early 2025 cannot compile newer dialects");
  }
});

Deno.test("the host is told that what others write is data", async () => {
  await using host = McpHost.of2026();
  const { result } = await host.request("server/discover");
  assertStringIncludes(result.instructions, "data, never instructions");
});

const names: readonly [given: { args?: string[]; name?: string }, name: string][] = [
  [{ name: "claude-code" }, "claude-code"],
  [{ args: ["--name", "builder"], name: "claude-code" }, "builder"],
  [{ name: "" }, "agent"],
  [{ name: "a\x1b[2Jb\nc" }, "a[2Jb c"],
  [{ name: "x".repeat(80) }, "x".repeat(50)],
  [{ name: "\u202e" }, "agent"],
];
for (const [given, name] of names) {
  Deno.test(`the display name of ${JSON.stringify(given)} is ${name}`, async () => {
    await using server = await TestServer.start();
    await using host = McpHost.of2026({ ...given, env: await server.token() });
    assertEquals((await host.call("list_devices")).structured.this_device, name);
  });
}

Deno.test("two agents of one name get different ones, unless it was chosen", async () => {
  await using server = await TestServer.start();
  const env = await server.token();
  await using one = await McpHost.of2025({ env, name: "codex" });
  await using two = McpHost.of2026({ env, name: "codex" });
  assertEquals((await one.call("list_devices")).structured.this_device, "codex");
  assertEquals((await two.call("list_devices")).structured.this_device, "codex 2");
  await using chosen = McpHost.of2026({ env, args: ["--name", "codex"] });
  assertEquals((await chosen.call("list_devices")).structured.this_device, "codex");
});

const wrong: readonly [tool: string, args: Record<string, unknown>, message: RegExp][] = [
  ["send_message", {}, /Missing argument text/],
  ["send_message", { text: "" }, /text must be text of 1 to 1000/],
  ["send_message", { text: " \n " }, /The text is blank/],
  ["send_message", { text: 5 }, /text must be text/],
  ["send_message", { txt: "a" }, /Unknown argument "txt"\. Did you mean "text"\?/],
  ["send_message", { text: "a", ["y".repeat(1_000_000)]: 1 }, /Unknown argument "y{50}"/],
  ["send_message", { text: "é".repeat(1_000_000) }, /1 to 1000 characters/],
  ["send_message", { text: "&".repeat(400) }, /Too long.*Send 2 shorter ones/],
  ["send_message", { text: "\ud800" }, /half of a character/i],
  [
    "send_message",
    { text: "see https://x.example/verify?token=abc123" },
    /session token or a magic/,
  ],
  ["read_messages", { limit: 0 }, /limit must be a whole number from 1 to 100/],
  ["read_messages", { limit: 1.5 }, /limit must be a whole number/],
  ["read_messages", { since: "yesterday" }, /neither the id of a message.* nor a time/],
  ["read_messages", { since: "2026-13-45" }, /neither the id of a message.* nor a time/],
  ["wait_for_message", { timeout_seconds: 0 }, /timeout_seconds must be .* from 1 to 604800/],
  ["wait_for_message", { timeout_seconds: 31_536_000 }, /timeout_seconds must be .* to 604800/],
  ["wait_for_message", { from: "\u200b" }, /from must be a name/],
  ["wait_for_message", { pattern: "(" }, /pattern is not a valid regular expression/],
  ["wait_for_message", { handle: "abc" }, /no wait with the handle "abc"/],
  ["wait_for_message", { handle: 7 }, /handle must be text/],
  ["list_devices", { verbose: true }, /Unknown argument "verbose"/],
];
Deno.test("wrong arguments are errors that the model can correct", async (t) => {
  await using server = await TestServer.start();
  await using host = await McpHost.of2025({ env: await server.token() });
  for (const [tool, args, message] of wrong) {
    await t.step(`${tool} ${JSON.stringify(args).slice(0, 60)}`, async () => {
      const { isError, text } = await host.call(tool, args);
      assert(isError, text);
      assertMatch(text, message);
      assert(text.length < 500);
    });
  }
  assertEquals((await host.call("read_messages", { limit: null })).structured.messages.length, 0);
});

Deno.test("garbage gets no answer and harms nothing", async () => {
  await using server = await TestServer.start();
  await using host = await McpHost.of2025({ env: await server.token() });
  for (
    const line of [
      "",
      "{",
      "null",
      "[]",
      "5",
      '"x"',
      "\0\0",
      "[".repeat(100_000),
      '{"jsonrpc":"2.0"}',
    ]
  ) host.write(line);
  host.io.stdin.type(new Uint8Array([0xff, 0xfe, 0x80, 10]));
  assertEquals((await host.call("list_devices")).structured.devices, []);
  // A message in pieces, with the end of a line in a read of its own.
  const before = host.received.length;
  for (const part of ['{"jsonrpc":"2.0","id":', '"x","method":"pi', 'ng"}', "\r", "\n"]) {
    host.io.stdin.type(part);
  }
  await host.request("ping");
  assertEquals(host.received.slice(before).map(({ id }) => id).includes("x"), true);
});

Deno.test("a host that has stopped reading ends it", async () => {
  const host = await McpHost.of2025();
  host.stopReading();
  host.start("ping").answer.catch(() => {});
  assertEquals(await host.ended, 0);
});

Deno.test("a line of more than 10 MiB ends it with a word on stderr", async () => {
  const host = await McpHost.of2025();
  for (let part = 0; part < 11; part++) host.io.stdin.type(new Uint8Array(1024 * 1024).fill(97));
  assertEquals(await host.ended, 0);
  assertStringIncludes(host.io.stderr.text, "longer than 10485760 bytes");
});

for (
  const moment of ["before any request", "after the first exchange", "in the middle of a wait"]
) {
  Deno.test(`it ends when the host closes stdin ${moment}`, async () => {
    await using server = await TestServer.start();
    const env = await server.token();
    const host = moment === "before any request"
      ? McpHost.silent({ env })
      : McpHost.of2026({ env });
    if (moment === "after the first exchange") await host.request("server/discover");
    if (moment === "in the middle of a wait") {
      host.start("tools/call", { name: "wait_for_message", arguments: {} }).answer.catch(() => {});
      await host.call("list_devices");
    }
    assertEquals(await host.close(), 0);
  });
}

Deno.test("what was asked before stdin ends is answered, and what waits is given up", async () => {
  await using server = await TestServer.start();
  await using phone = await phoneIn(server);
  const heard = phone.waitFor("message");
  const host = await McpHost.of2025({ env: await server.token() });
  const answers = [
    host.call("wait_for_message"),
    host.call("send_message", { text: "last words" }),
    host.call("list_devices"),
  ];
  assertEquals(await host.close(), 0);
  const [waited, sent, listed] = await Promise.all(answers);
  assertMatch(waited?.text ?? "", /cancelled|ending/);
  assertEquals([sent?.isError, listed?.isError], [false, false]);
  assertEquals((await heard).content, "last words");
});

Deno.test("what libraries print goes to stderr while it runs", async () => {
  const { log } = console;
  const host = await McpHost.of2025();
  assert(console.log !== log);
  assertEquals(console.log, console.error);
  assertEquals(console.table, console.error);
  await host.close();
  assertEquals(console.log, log);
});

Deno.test("a person who starts it by hand is told what it waits for", async () => {
  const { exitCode, stdout, stderr } = await roomz(["mcp"], { terminalColumns: 80 });
  assertEquals([exitCode, stdout], [0, ""]);
  assertMatch(stderr, /Model Context Protocol on stdin\. Ctrl\+D ends it/);
});

const badCommandLines: readonly [args: string[], message: RegExp][] = [
  [["--name", ""], /--name must be 1 to 50 characters/],
  [["--name", "x".repeat(51)], /--name must be 1 to 50 characters/],
  [["--name", "a\nb"], /--name must be 1 to 50 characters/],
  [["--leg", "0"], /--leg must be a whole number from 1 to 45/],
  [["--leg", "46"], /--leg must be a whole number from 1 to 45/],
  [["extra"], /Too many arguments/],
  [["--server", "nonsense"], /The server URL is not valid/],
  [["-s", "https://ada:secret@roomz.example"], /contains a user name or a password/],
];
for (const [args, message] of badCommandLines) {
  Deno.test(`mcp ${args.join(" ").slice(0, 20)} is a usage error`, async () => {
    const { exitCode, stdout, stderr } = await roomz(["mcp", ...args]);
    assertEquals(exitCode, 2);
    assertEquals(stdout, "");
    assertMatch(stderr, message);
  });
}

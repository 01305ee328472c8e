/**
 * `send()` always settles, and says what happened to the message.
 * @module
 */
import { ConfigurationError, ConnectionError, type SendResult } from "@roomz/roomz/client";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { connectedClient, newClient } from "../support/connected_client.ts";
import { TIMESTAMP } from "../support/fake_socket.ts";

/** The code and the delivery of a failed result. */
function outcome(result: SendResult): readonly [code: number, delivery: string] | "ok" {
  return result.status === "ok" ? "ok" : [result.code, result.delivery];
}

Deno.test("an accepted message is ok, with its id and time", async () => {
  const { client, socket } = await connectedClient();
  const sending = client.send("Hello <b> & 'you' 😀");
  assertEquals(socket.requests, [
    { id: 0, name: "message", payload: { content: "Hello <b> & 'you' 😀" } },
  ]);
  socket.answerSent(0, "m1");
  const result = await sending;
  assert(result.status === "ok");
  assertEquals(result, { status: "ok", message_id: "m1", timestamp: TIMESTAMP });
});

for (
  const [code, error] of [[400, "Message content is required"], [401, "Not authenticated"]] as const
) {
  Deno.test(`a message rejected with ${code} was not delivered`, async () => {
    const { client, socket } = await connectedClient();
    const sending = client.send("");
    socket.answer(0, { error, code });
    assertEquals(await sending, { error, code, delivery: "rejected" });
  });
}

Deno.test("a message longer than the server keeps is refused with 413 and not sent", async () => {
  const { client, socket } = await connectedClient();
  for (const content of ["a".repeat(1_001), "&".repeat(201), "😀".repeat(1_001)]) {
    const result = await client.send(content);
    assertEquals(outcome(result), [413, "not_sent"]);
    assert(result.status === undefined && result.error.includes("splitContent()"));
  }
  assertEquals(socket.requests.length, 0);
  for (const content of ["a".repeat(1_000), "&".repeat(200), "😀".repeat(1_000)]) {
    void client.send(content);
  }
  assertEquals(socket.requests.length, 3);
  await client.disconnect();
});

const padded: readonly [name: string, content: string, sent: string][] = [
  ["line feeds before the text", "\n".repeat(600_000) + "x", "x"],
  ["spaces after the text", "x" + " ".repeat(1_000_000), "x"],
  ["both", "\t".repeat(500_000) + "a b" + "\u3000".repeat(500_000), "a b"],
  ["separators that only the server strips", "\x1c".repeat(200_000) + "x\x85", "x"],
  ["just over the limit", " ".repeat(1_000) + "x", "x"],
  ["a text of the full length inside", ` ${"<".repeat(250)}${" ".repeat(1_000)}`, "<".repeat(250)],
  ["nothing but white space", "\n".repeat(600_000), " "],
  ["nothing but wide white space", "\u2003".repeat(1_000_001), " "],
  ["little padding, which stays", "  x\n", "  x\n"],
  ["little white space, which stays", " \n ", " \n "],
];
for (const [name, content, sent] of padded) {
  Deno.test(`padding that the server strips is shortened, never to nothing: ${name}`, async () => {
    const { client, socket } = await connectedClient();
    const sending = client.send(content);
    assertEquals(socket.requests.map(({ payload }) => payload), [{ content: sent }]);
    socket.answerSent(0, "m1");
    assertEquals(outcome(await sending), "ok");
  });
}

const FRAME = '420["message",{"content":""}]'.length;

const payloads: readonly [name: string, maxPayload: unknown, content: string, sent: boolean][] = [
  ["fits exactly", FRAME + 100, "x".repeat(100), true],
  ["one character too many", FRAME + 99, "x".repeat(100), false],
  ["bytes rather than characters", FRAME + 100, "é".repeat(51), false],
  ["bytes that fit", FRAME + 100, "é".repeat(50), true],
  ["emoji", FRAME + 100, "😀".repeat(26), false],
  ["escapes of JSON", FRAME + 100, "\u0001".repeat(17), false],
  ["no limit announced", undefined, "x".repeat(1_000), true],
  ["a limit that is no number", "small", "x".repeat(1_000), true],
  ["a limit of 0, which is none", 0, "x".repeat(1_000), true],
];
for (const [name, maxPayload, content, sent] of payloads) {
  Deno.test(`a frame stays within the server's maxPayload: ${name}`, async () => {
    const { client, platform } = newClient();
    const connecting = client.connect();
    const socket = await platform.nextSocket();
    socket.accept(maxPayload === undefined ? {} : { maxPayload });
    await connecting;
    const sending = client.send(content, { signal: new AbortController().signal });
    assertEquals(socket.requests.length, sent ? 1 : 0);
    if (sent) socket.answerSent(0, "m1");
    assertEquals(outcome(await sending), sent ? "ok" : [413, "not_sent"]);
    assert(client.connected);
    // One that was not sent does not make messages wait for its acknowledgement.
    let own: boolean | undefined;
    client.on("message", (message) => void (own = message.own));
    socket.message("m2");
    assertEquals(own, false);
  });
}

for (
  const content of [
    "\ud83d",
    "half an emoji \ud83d",
    "\ude00 the other half",
    "swapped \ude00\ud83d",
    "a\udbff!",
    "x".repeat(900) + "\ud800" + "x".repeat(50),
    "😀\ud83d😀",
    "\ud800".repeat(2_000),
  ]
) {
  const name = JSON.stringify(content.slice(-20));
  Deno.test(`half a character is 400 and not sent: ${name}`, async () => {
    const { client, socket } = await connectedClient();
    const result = await client.send(content);
    assertEquals(outcome(result), [400, "not_sent"]);
    assert(result.status === undefined && /lone surrogate\) at index \d+/.test(result.error));
    const named = await client.setDisplayName(content);
    assert(named.status === undefined);
    assertEquals([named.code, socket.requests.length], [400, 0]);
  });
}

Deno.test("a send without an acknowledgement in time is 408, and may have arrived", async () => {
  const { client, platform } = await connectedClient({ ackTimeout: 2_000 });
  let result: SendResult | undefined;
  void client.send("hi").then((settled) => result = settled);
  await platform.advance(1_999);
  assertEquals(result, undefined);
  await platform.advance(1);
  assert(result !== undefined);
  assertEquals(outcome(result), [408, "unknown"]);
});

Deno.test("the timeout of a call overrides ackTimeout", async () => {
  const { client, platform } = await connectedClient({ ackTimeout: 2_000 });
  const short = client.send("hi", { timeout: 50 });
  const none = client.send("hi", { timeout: Infinity });
  await platform.advance(50);
  assertEquals(outcome(await short), [408, "unknown"]);
  const socket = platform.sockets[0];
  for (let i = 0; i < 100; i++) {
    await platform.advance(20_000);
    socket?.deliver("2");
  }
  socket?.answerSent(1, "m");
  assertEquals(outcome(await none), "ok");
});

Deno.test("an invalid timeout is refused, and nothing is sent", async () => {
  const { client, platform, socket } = await connectedClient();
  for (const timeout of [NaN, -1]) {
    await assertRejects(() => client.send("hi", { timeout }), ConfigurationError, "timeout");
    await assertRejects(() => client.waitFor("message", { timeout }), ConfigurationError);
  }
  await platform.advance(100);
  assertEquals(socket.requests.length, 0);
});

Deno.test("a send whose connection is lost is 503, and may have arrived", async () => {
  const { client, socket } = await connectedClient();
  const sends = [client.send("one"), client.send("two")];
  socket.drop();
  const outcomes = (await Promise.all(sends)).map(outcome);
  assertEquals(outcomes, [[503, "unknown"], [503, "unknown"]]);
  await client.disconnect();
});

Deno.test("a send with an unrecognised acknowledgement is 502, and may have arrived", async () => {
  const { client, socket } = await connectedClient();
  for (const [id, ack] of [{}, null, "ok", { status: "ok" }, { status: "later" }].entries()) {
    const sending = client.send("hi");
    socket.answer(id, ack);
    assertEquals(outcome(await sending), [502, "unknown"]);
  }
  const sending = client.send("hi");
  socket.deliver("435[]");
  assertEquals(outcome(await sending), [502, "unknown"]);
});

Deno.test("a send aborted before it is written is 499, not sent", async () => {
  const { client, socket } = await connectedClient();
  assertEquals(outcome(await client.send("hi", { signal: AbortSignal.abort() })), [
    499,
    "not_sent",
  ]);
  assertEquals(socket.requests.length, 0);
});

Deno.test("a send aborted after it is written is 499, and may have arrived", async () => {
  const { client, socket } = await connectedClient();
  const controller = new AbortController();
  const sending = client.send("hi", { signal: controller.signal });
  controller.abort();
  assertEquals(outcome(await sending), [499, "unknown"]);
  socket.answerSent(0, "m1");
  assertEquals(socket.requests.length, 1);
});

Deno.test("aborting a send after its acknowledgement has no effect", async () => {
  const { client, socket } = await connectedClient();
  const controller = new AbortController();
  const sending = client.send("hi", { signal: controller.signal });
  socket.answerSent(0, "m1");
  controller.abort();
  assertEquals(outcome(await sending), "ok");
});

Deno.test("sending when not connected throws, and the error says what to do", async () => {
  const { client } = newClient();
  await assertRejects(() => client.send("hi"), ConnectionError, "Call connect() first");
  await assertRejects(() => client.setDisplayName("hi"), ConnectionError, "Call connect() first");
});

Deno.test("sending while connecting throws", async () => {
  const { client, platform } = newClient();
  const connecting = client.connect();
  const socket = await platform.nextSocket();
  socket.openEngine();
  await assertRejects(() => client.send("hi"), ConnectionError, "Not connected");
  socket.accept();
  await connecting;
});

Deno.test("300 pipelined sends each get their own acknowledgement, in whatever order", async () => {
  const { client, socket } = await connectedClient();
  const sends = Array.from({ length: 300 }, (_, i) => client.send(`message ${i}`));
  for (const { id, payload } of socket.requests.toReversed()) {
    socket.answerSent(id, `id of ${payload.content}`);
  }
  const results = await Promise.all(sends);
  const ids = results.map((result) => result.status === "ok" ? result.message_id : "");
  assertEquals(ids, Array.from({ length: 300 }, (_, i) => `id of message ${i}`));
});

Deno.test("duplicate, unknown and absurd acknowledgements are ignored", async () => {
  const { client, socket } = await connectedClient();
  const sending = client.send("hi");
  socket.answerSent(7, "unknown");
  socket.deliver('4399999999999999999999[{"status":"ok"}]');
  socket.deliver('43-1[{"status":"ok"}]');
  socket.answerSent(0, "m1");
  socket.answerSent(0, "again");
  const result = await sending;
  assert(result.status === "ok");
  assertEquals(result.message_id, "m1");
});

Deno.test("an acknowledgement of an old connection does not settle a send of the new one", async () => {
  const { client, platform, socket } = await connectedClient();
  socket.halfOpen = true;
  socket.deliver("41");
  await platform.advance(1_000);
  const next = platform.sockets[1];
  next?.accept();
  await settle();
  let settled = false;
  const sending = client.send("hi").finally(() => settled = true);
  socket.answerSent(0, "stale");
  await settle();
  assertEquals(settled, false);
  next?.answerSent(0, "m1");
  const result = await sending;
  assert(result.status === "ok");
  assertEquals(result.message_id, "m1");
});

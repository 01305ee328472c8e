/**
 * `sendText()`: a text of several parts is one unit in the outbound order.
 * @module
 */
import { ConfigurationError, ConnectionError, type SendTextResult } from "@roomz/roomz/client";
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { splitContent } from "../../../client/protocol/split_content.ts";
import { settle } from "../../../testing/virtual_clock.ts";
import { connectedClient, newClient } from "../support/connected_client.ts";
import type { FakeSocket } from "../support/fake_socket.ts";
import { SEED } from "../support/mutated_frames.ts";

/** A text of `count` parts, each of which starts with its own letter. */
function textOf(letter: string, count: number): string {
  return Array.from({ length: count }, () => letter.repeat(1_000)).join("\n");
}

/** The first letters of the messages on the wire. */
function letters(socket: FakeSocket): string {
  return socket.requests.map(({ payload }) => String(payload.content)[0] ?? "").join("");
}

/** Acknowledges everything, until nothing more is sent. */
async function answerAll(socket: FakeSocket): Promise<void> {
  for (let id = 0; id < socket.requests.length; id++) {
    socket.answerSent(id, `m${id}`);
    await settle();
  }
}

/** The code, the delivery and the counts of a failed result. */
function failure(result: SendTextResult): readonly [number, string, number, number] | "ok" {
  if (result.status === "ok") return "ok";
  return [result.code, result.delivery, result.acknowledged, result.parts];
}

Deno.test("a text that fits is one message, sent at once", async () => {
  const { client, socket } = await connectedClient();
  const sending = client.sendText("  hello\n");
  assertEquals(socket.requests.map(({ payload }) => payload), [{ content: "hello" }]);
  void client.send("next");
  assertEquals(letters(socket), "hn", "it does not hold the line");
  await answerAll(socket);
  const result = await sending;
  assert(result.status === "ok");
  assertEquals([result.message_id, result.acknowledged, result.parts], ["m0", 1, 1]);
});

for (const count of [0, 1, 2, 5]) {
  Deno.test(`onPart is called with the acknowledgement of each of ${count || "no"} parts, in order`, async () => {
    const { client, socket } = await connectedClient();
    const ids: string[] = [];
    const sending = client.sendText(count === 0 ? " " : textOf("a", count), {
      onPart: ({ message_id }) => void ids.push(message_id),
    });
    await answerAll(socket);
    const result = await sending;
    assertEquals(ids, Array.from({ length: Math.max(count, 1) }, (_, id) => `m${id}`));
    assertEquals(result.acknowledged, ids.length);
  });
}

Deno.test("onPart is not called for a part that fails, nor for those after it", async () => {
  const { client, socket } = await connectedClient();
  const ids: string[] = [];
  const sending = client.sendText(textOf("a", 4), {
    timeout: 1_000,
    onPart: ({ message_id }) => void ids.push(message_id),
  });
  socket.answerSent(0, "m0");
  await settle();
  await client.disconnect();
  assertEquals([(await sending).acknowledged, ids], [1, ["m0"]]);
});

Deno.test("if onPart throws, sendText rejects with it, and the line is free", async () => {
  const { client, socket } = await connectedClient();
  const sending = client.sendText(textOf("a", 4), {
    onPart() {
      throw new RangeError("full");
    },
  });
  socket.answerSent(0, "m0");
  await assertRejects(() => sending, RangeError, "full");
  void client.send("next");
  assertEquals(letters(socket), "an");
});

Deno.test("each part waits for the acknowledgement of the one before", async () => {
  const { client, socket } = await connectedClient();
  const sending = client.sendText(textOf("a", 3));
  for (const [id, sent] of ["a", "aa", "aaa"].entries()) {
    assertEquals(letters(socket), sent);
    socket.answerSent(id, `m${id}`);
    await settle();
  }
  const result = await sending;
  assert(result.status === "ok");
  assertEquals([result.message_id, result.acknowledged, result.parts], ["m2", 3, 3]);
});

/** What a program sends in one tick, and the order on the wire: small letters are texts of parts. */
const orders: readonly [calls: string, wire: string][] = [
  ["ab", "aaabbb"],
  ["aXb", "aaaXbbb"],
  ["XaYbZ", "XaaaYbbbZ"],
  ["aXYZ", "aaaXYZ"],
  ["abc", "aaabbbccc"],
  ["XYabZ", "XYaaabbbZ"],
];
for (const [calls, wire] of orders) {
  Deno.test(`nothing gets between the parts of a text: ${calls}`, async () => {
    const { client, socket } = await connectedClient();
    const results = [...calls].map((letter) =>
      letter >= "a" ? client.sendText(textOf(letter, 3)) : client.send(letter)
    );
    await answerAll(socket);
    assertEquals(letters(socket), wire);
    for (const result of await Promise.all(results)) assertEquals(result.status, "ok");
  });
}

Deno.test("what others send between two acknowledgements goes out after the text", async () => {
  const { client, socket } = await connectedClient();
  client.on("message", () => void client.send("R"));
  const sending = client.sendText(textOf("a", 3));
  for (let id = 0; id < 3; id++) {
    socket.answerSent(id, `m${id}`);
    socket.message(`other ${id}`);
    await settle();
  }
  await sending;
  await settle();
  assertEquals(letters(socket), "aaaRRR");
  await client.disconnect();
});

Deno.test("any mixture keeps the order of the calls, and every text together", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 20 }), async (calls) => {
      const { client, socket } = await connectedClient();
      const results: Promise<unknown>[] = [];
      let expected = "";
      for (const [i, parts] of calls.entries()) {
        const letter = String.fromCharCode(97 + i);
        expected += letter.repeat(Math.max(1, parts));
        results.push(parts === 0 ? client.send(letter) : client.sendText(textOf(letter, parts)));
        if (i % 3 === 2) await settle();
      }
      await answerAll(socket);
      await Promise.all(results);
      assertEquals(letters(socket), expected);
      await client.disconnect();
    }),
    { seed: SEED, numRuns: 50 },
  );
});

const failures: readonly [
  name: string,
  fail: (socket: FakeSocket, controller: AbortController) => void,
  failed: readonly [number, string],
][] = [
  ["rejected", (socket) => socket.answer(1, { error: "no", code: 400 }), [400, "rejected"]],
  ["unauthorised", (socket) => socket.answer(1, { error: "no", code: 401 }), [401, "rejected"]],
  ["unrecognised", (socket) => socket.answer(1, "?"), [502, "unknown"]],
  ["lost", (socket) => socket.drop(), [503, "unknown"]],
  ["aborted", (_, controller) => controller.abort(), [499, "unknown"]],
];
for (const [name, fail, [code, delivery]] of failures) {
  Deno.test(`a text stops at a part that is ${name}, and says how far it came`, async () => {
    const { client, socket } = await connectedClient();
    const controller = new AbortController();
    const sending = client.sendText(textOf("a", 4), { signal: controller.signal });
    socket.answerSent(0, "m0");
    await settle();
    fail(socket, controller);
    assertEquals(failure(await sending), [code, delivery, 1, 4]);
    assertEquals(letters(socket), "aa");
    await client.disconnect();
  });
}

Deno.test("a text stops at a part that is not acknowledged in time; the timeout is each part's", async () => {
  const { client, platform, socket } = await connectedClient();
  const sending = client.sendText(textOf("a", 3), { timeout: 100 });
  await platform.advance(90);
  socket.answerSent(0, "m0");
  await platform.advance(90);
  socket.answerSent(1, "m1");
  await platform.advance(100);
  assertEquals(failure(await sending), [408, "unknown", 2, 3]);
});

Deno.test("an abort between two parts sends no more of them", async () => {
  const { client, socket } = await connectedClient();
  const controller = new AbortController();
  const sending = client.sendText(textOf("a", 3), { signal: controller.signal });
  socket.answerSent(0, "m0");
  controller.abort();
  assertEquals(failure(await sending), [499, "not_sent", 1, 3]);
  assertEquals(letters(socket), "a");
});

Deno.test("what waits behind a text that failed goes out", async () => {
  const { client, socket } = await connectedClient();
  const text = client.sendText(textOf("a", 3));
  const next = client.sendText(textOf("b", 2));
  socket.answer(0, { error: "no", code: 400 });
  await settle();
  assertEquals(letters(socket), "ab");
  socket.answerSent(1, "m1");
  await settle();
  socket.answerSent(2, "m2");
  assertEquals([failure(await text), failure(await next)], [[400, "rejected", 0, 3], "ok"]);
});

Deno.test("an abort while waiting for another text ends the wait at once, and nothing is sent", async () => {
  const { client, socket } = await connectedClient();
  const text = client.sendText(textOf("a", 2));
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = client.sendText(textOf("b", 2), { signal });
  const single = client.send("c", { signal });
  controller.abort();
  assertEquals(failure(await waiting), [499, "not_sent", 0, 2]);
  const result = await single;
  assert(result.status === undefined);
  assertEquals([result.code, result.delivery, letters(socket)], [499, "not_sent", "a"]);
  await answerAll(socket);
  await text;
  assertEquals(letters(socket), "aa");
});

Deno.test("what waits while the connection is lost is 503 and not sent, even after a reconnection", async () => {
  const { client, platform, socket } = await connectedClient();
  const text = client.sendText(textOf("a", 2));
  const waiting = client.sendText(textOf("b", 2));
  const single = client.send("c");
  socket.drop();
  const next = await platform.advanceToNextSocket();
  next.accept();
  assertEquals(failure(await text), [503, "unknown", 0, 2]);
  assertEquals(failure(await waiting), [503, "not_sent", 0, 2]);
  const result = await single;
  assert(result.status === undefined);
  assertEquals([result.code, result.delivery, next.requests.length], [503, "not_sent", 0]);
  await client.disconnect();
});

Deno.test("the server decides on a text without any character", async () => {
  for (const text of ["", " ", "\n".repeat(5_000)]) {
    const { client, socket } = await connectedClient();
    const sending = client.sendText(text);
    assertEquals(socket.requests.length, 1);
    socket.answer(0, { error: "Message content is required", code: 400 });
    assertEquals(failure(await sending), [400, "rejected", 0, 1]);
  }
});

Deno.test("half a character anywhere in a text refuses the whole of it", async () => {
  const { client, socket } = await connectedClient();
  for (const text of ["\ud83d", `${textOf("a", 3)}\ud83d`]) {
    const parts = splitContent(text).length;
    assertEquals(failure(await client.sendText(text)), [400, "not_sent", 0, parts]);
  }
  assertEquals(socket.requests.length, 0);
  void client.send("next");
  assertEquals(socket.requests.length, 1, "the line is free");
  await client.disconnect();
});

Deno.test("sendText() without a connection, or with an invalid timeout, throws", async () => {
  const { client } = newClient();
  await assertRejects(() => client.sendText("a"), ConnectionError, "Call connect() first");
  const { client: connected, socket } = await connectedClient();
  for (const text of ["a", textOf("a", 2)]) {
    await assertRejects(
      () => connected.sendText(text, { timeout: NaN }),
      ConfigurationError,
      "timeout",
    );
  }
  void connected.send("next");
  assertEquals(socket.requests.length, 1, "the line is free");
  await connected.disconnect();
});

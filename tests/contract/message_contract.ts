/**
 * Contract: sending and receiving messages, through the client.
 * @module
 */
import type { AsyncClient, Message, SendResult } from "@roomz/roomz/client";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { ContractTest, Scene } from "./support/scene.ts";

/** Sends a text that must be accepted. @returns The message as this client and another receive it. */
async function exchange(
  sender: AsyncClient,
  receiver: AsyncClient,
  content: string,
): Promise<{ readonly own: Message; readonly foreign: Message }> {
  const own = sender.waitFor("message", { timeout: 10_000 });
  const foreign = receiver.waitFor("message", { timeout: 10_000 });
  const result = await sender.send(content);
  assertEquals(result.status, "ok", JSON.stringify(result));
  return { own: await own, foreign: await foreign };
}

async function pair(scene: Scene): Promise<readonly [AsyncClient, AsyncClient]> {
  return [await scene.connect(), await scene.connect()];
}

function refusal({ status, ...rest }: SendResult): { code: number; delivery: string } {
  assertEquals(status, undefined);
  assert("code" in rest);
  return { code: rest.code, delivery: rest.delivery };
}

export function messageContract(test: ContractTest): void {
  test("a message is acknowledged, and reaches the whole channel with the same id", async (scene) => {
    const [sender, receiver] = await pair(scene);
    const own = sender.waitFor("message", { timeout: 10_000 });
    const foreign = receiver.waitFor("message", { timeout: 10_000 });
    const result = await sender.send("hello");
    assert(result.status === "ok");
    const { message_id: id, timestamp } = result;
    const user = { id: `user:${scene.email}`, email: scene.email, display_name: null };
    const raw = { id, user, content: "hello", timestamp };
    const expected = { id, user, content: "hello", timestamp, maybeTruncated: false, raw };
    assertEquals(await own, { ...expected, own: true });
    assertEquals(await foreign, { ...expected, own: false });
    assert(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000, timestamp);
  });

  test("text arrives unchanged", async (scene) => {
    const [sender, receiver] = await pair(scene);
    const texts = [
      `<b>"it's" & more</b>`,
      "&amp; &lt; &#x27; &quot; typed by the user",
      "&amp;amp;lt;",
      "👩‍👩‍👧‍👦 🇧🇪 é e\u0301 \u{10ffff}",
      "line one\n\n\tline two\r\nline three",
      "\u202eright to left\u202c \u200bzero width",
      "\u0000 and \u007f and \u0085 inside",
      'back\\slash "quotes" \\u0041 {"json":[1]}',
      '42["message",{}]',
      "\ufeffa byte order mark is not white space\ufeff",
    ];
    for (const text of texts) {
      const { own, foreign } = await exchange(sender, receiver, text);
      assertEquals([own.content, foreign.content], [text, text]);
      assertEquals([own.own, foreign.own], [true, false]);
    }
  });

  test("half a character is refused before it is sent", async (scene) => {
    const client = await scene.connect();
    const result = await client.send("half a pair: \ud83d.");
    assertEquals(refusal(result), { code: 400, delivery: "not_sent" });
    assertEquals((await client.send("still connected")).status, "ok");
  });

  test("a long text arrives in parts, and nothing gets between them", async (scene) => {
    const [sender, receiver] = await pair(scene);
    const arrived: string[] = [];
    receiver.on("message", ({ content }) => void arrived.push(content.slice(0, 1)));
    const last = receiver.waitFor("message", { timeout: 10_000 });
    const sends = ["a", "b", "c"].flatMap((letter) => [
      sender.sendText(`${letter.repeat(900)} `.repeat(3)),
      sender.send(letter.toUpperCase()),
    ]);
    for (const result of await Promise.all(sends)) assertEquals(result.status, "ok");
    await last;
    while (arrived.length < 12) await receiver.waitFor("message", { timeout: 10_000 });
    assertEquals(arrived.join(""), "aaaAbbbBcccC");
  });

  test("outer whitespace, as Python defines it, is removed", async (scene) => {
    const [sender, receiver] = await pair(scene);
    const spaces =
      " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000";
    const { foreign } = await exchange(sender, receiver, `${spaces}a${spaces}b${spaces}`);
    assertEquals(foreign.content, `a${spaces}b`);
    for (const kept of ["\u180e", "\u200b", "\u200d", "\u2060", "\ufeff", "\x00", "\x1b"]) {
      const text = `${kept}a${kept}`;
      assertEquals((await exchange(sender, receiver, text)).foreign.content, text);
    }
  });

  test("a message of whitespace arrives as an empty message", async (scene) => {
    const [sender, receiver] = await pair(scene);
    const { own, foreign } = await exchange(sender, receiver, " \n\t\x1f ");
    assertEquals([own.content, foreign.content], ["", ""]);
  });

  test("an empty message is rejected by the server", async (scene) => {
    const client = await scene.connect();
    assertEquals(refusal(await client.send("")), { code: 400, delivery: "rejected" });
    assertEquals((await client.send("still connected")).status, "ok");
  });

  test("1,000 escaped code points arrive complete, and 1,001 are not sent", async (scene) => {
    const [sender, receiver] = await pair(scene);
    const units = { x: 1, "😀": 1, "<": 4, "&": 5, "'": 6, '"': 6 };
    for (const [unit, escapedLength] of Object.entries(units)) {
      const filler = "x".repeat(1_000 % escapedLength);
      const longest = unit.repeat(Math.floor(1_000 / escapedLength)) + filler;
      const { foreign } = await exchange(sender, receiver, longest);
      assertEquals(foreign.content, longest);
      assertEquals(foreign.maybeTruncated, true);
      const tooLong = await sender.send(`${longest}x`);
      assertEquals(refusal(tooLong), { code: 413, delivery: "not_sent" }, unit);
    }
    const { own, foreign } = await exchange(sender, receiver, "x".repeat(999));
    assertEquals([own.maybeTruncated, foreign.maybeTruncated], [false, false]);
    // Outer whitespace does not count: the server removes it before truncating.
    const wide = `${" ".repeat(500)}${"x".repeat(1_000)}\n`;
    assertEquals((await exchange(sender, receiver, wide)).foreign.content, "x".repeat(1_000));
  });

  test("a longer text from another program arrives truncated, and is marked so", async (scene) => {
    const [wire, receiver] = [await scene.join(), await scene.connect()];
    const cuts = [
      { sent: "x".repeat(1_001), received: "x".repeat(1_000) },
      { sent: "😀".repeat(1_200), received: "😀".repeat(1_000) },
      // Truncated inside the entity `&lt;`.
      { sent: `${"x".repeat(998)}<end`, received: `${"x".repeat(998)}&l` },
      { sent: `${"x".repeat(997)}<end`, received: `${"x".repeat(997)}&lt` },
      { sent: `${"x".repeat(996)}<end`, received: `${"x".repeat(996)}<` },
    ];
    for (const { sent, received } of cuts) {
      const message = receiver.waitFor("message", { timeout: 10_000 });
      wire.emit(1, "message", { content: sent });
      const { content, maybeTruncated, own } = await message;
      assertEquals([content, maybeTruncated, own], [received, true, false]);
    }
  });

  test("300 simultaneous sends are acknowledged in order, as own messages", async (scene) => {
    const [sender, receiver] = await pair(scene);
    const texts = Array.from({ length: 300 }, (_, index) => `message ${index}`);
    const received = collect(receiver, 300);
    const own = collect(sender, 300);
    const results = await Promise.all(texts.map((text) => sender.send(text)));
    const ids = results.map((result) => result.status === "ok" ? result.message_id : result.error);
    assertEquals((await received).map(({ content }) => content), texts);
    assertEquals((await received).map(({ id }) => id), ids);
    assertEquals((await received).map((message) => message.own), texts.map(() => false));
    assertEquals((await own).map(({ id }) => id), ids);
    assertEquals((await own).map((message) => message.own), texts.map(() => true));
  });

  test("short and long messages sent at once arrive once each, in order", async (scene) => {
    const [sender, receiver] = await pair(scene);
    // A frame of more than 1,024 bytes is sent in another way on Deno.
    const texts = Array.from({ length: 60 }, (_, at) => {
      return `${at} ${at % 3 === 0 ? "short" : "lång".repeat(230 + at % 10)}`;
    });
    const received = collect(receiver, texts.length);
    const results = await Promise.all(texts.map((text) => sender.send(text)));
    assert(results.every(({ status }) => status === "ok"));
    assertEquals((await received).map(({ content }) => content), texts);
  });

  test("two clients that send simultaneously each recognise their own messages", async (scene) => {
    const [one, two] = await pair(scene);
    const seen = [collect(one, 200), collect(two, 200)];
    const sent = Array.from({ length: 100 }, (_, index) => [
      one.send(`one ${index}`),
      two.send(`two ${index}`),
    ]);
    await Promise.all(sent.flat());
    for (const [name, messages] of [["one", await seen[0]], ["two", await seen[1]]] as const) {
      assert(messages !== undefined);
      const claimed = messages.filter((message) => message.own).map(({ content }) => content);
      assertEquals(claimed, Array.from({ length: 100 }, (_, index) => `${name} ${index}`));
      assertEquals(messages.filter((message) => message.own === undefined), []);
    }
    const orders = (await Promise.all(seen)).map((messages) => messages.map(({ id }) => id));
    assertEquals(orders[0], orders[1]);
    assertNotEquals(orders[0], []);
  });

  test("messages() yields the messages received since the call", async (scene) => {
    const [sender, receiver] = await pair(scene);
    const messages = receiver.messages();
    for (const text of ["one", "two"]) await sender.send(text);
    const texts: string[] = [];
    for await (const { content } of messages) if (texts.push(content) === 2) break;
    assertEquals(texts, ["one", "two"]);
  });
}

/** Collects the next `count` messages that a client receives. */
async function collect(client: AsyncClient, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of client.messages({ signal: AbortSignal.timeout(30_000) })) {
    if (messages.push(message) === count) break;
  }
  assertEquals(messages.length, count);
  return messages;
}

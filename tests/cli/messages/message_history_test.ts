import type { Message } from "@roomz/roomz/client";
import { assertEquals } from "@std/assert";
import {
  keptMessages,
  LONGEST_KEPT,
  MessageHistory,
  MOST_KEPT,
} from "../../../cli/messages/message_history.ts";
import { TestHome } from "../support/test_home.ts";

const SERVER = "http://roomz.test";

function message(id: number, time: number, content = `message ${id}`): Message {
  const user = { id: "user:ada@example.com", email: "ada@example.com", display_name: null };
  const timestamp = new Date(time).toISOString();
  const raw = {};
  return { id: `m${id}`, user, content, timestamp, own: false, maybeTruncated: false, raw };
}

async function save(path: string, messages: readonly Message[], now?: number): Promise<void> {
  await using history = await MessageHistory.open(path, SERVER, (error) => {
    throw error;
  }, now);
  for (const message of messages) history.add(message);
}

async function ids(path: string): Promise<string[]> {
  return await Array.fromAsync(keptMessages(path, SERVER), ({ id }) => id);
}

Deno.test("messages are ordered by time and saved once, even if two processes save them", async () => {
  await using home = await TestHome.make();
  const path = `${home.path}/history.kv`;
  const now = Date.now();
  const messages = Array.from({ length: 250 }, (_, at) => message(at, now + at));
  await Promise.all([save(path, messages), save(path, messages.toReversed())]);
  assertEquals(await ids(path), messages.map(({ id }) => id));
});

Deno.test("messages older than 90 days are deleted, to the millisecond", async () => {
  await using home = await TestHome.make();
  const path = `${home.path}/history.kv`;
  const now = Date.now();
  await save(path, [message(1, now), message(2, now + 1)], now);
  await save(path, [], now + LONGEST_KEPT);
  assertEquals(await ids(path), ["m1", "m2"]);
  await save(path, [], now + LONGEST_KEPT + 1);
  assertEquals(await ids(path), ["m2"]);
});

Deno.test("only the newest 10,000 messages are kept", async () => {
  await using home = await TestHome.make();
  const path = `${home.path}/history.kv`;
  const now = Date.now();
  await save(path, Array.from({ length: MOST_KEPT + 3 }, (_, at) => message(at, now + at)));
  await save(path, []);
  const kept = await ids(path);
  assertEquals([kept.length, kept[0]], [MOST_KEPT, "m3"]);

  // A long run deletes messages too, not only the next start.
  await save(path, Array.from({ length: 2 * MOST_KEPT }, (_, at) => message(at, now + 1e6 + at)));
  assertEquals((await ids(path)).length, MOST_KEPT);
});

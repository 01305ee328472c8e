import type { Message } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { instantOf, loggedMessage, MessageLog } from "../../../../cli/commands/mcp/message_log.ts";

function message(content: string, properties: Partial<Message> = {}): Message {
  return {
    id: content,
    user: { id: "user:ada@example.com", email: "ada@example.com", display_name: "phone" },
    content,
    timestamp: "2026-11-28T12:00:00.000000+00:00",
    own: false,
    maybeTruncated: false,
    raw: {},
    ...properties,
  };
}

Deno.test("the log keeps the last thousand messages", () => {
  const log = new MessageLog();
  for (let at = 0; at < 2_500; at++) log.add(message(`${at}`));
  assertEquals(log.messages.length, 1_000);
  assertEquals(log.messages[0]?.content, "1500");
  assertEquals(log.messages.at(-1)?.content, "2499");
});

Deno.test("messages longer than a server keeps are cut, and said to be", () => {
  const log = new MessageLog();
  for (let at = 0; at < 1_000; at++) log.add(message("x".repeat(100_000)));
  const text = log.messages.reduce((length, { content }) => length + content.length, 0);
  assert(text <= 2_000_000);
  assert(log.messages.every(({ maybe_truncated }) => maybe_truncated));
});

Deno.test("a message shows its sender's name, and not what is unknown", () => {
  assertEquals(loggedMessage(message("a", { own: undefined })), {
    id: "a",
    timestamp: "2026-11-28T12:00:00.000000+00:00",
    device: "phone",
    content: "a",
  });
  const { own, maybe_truncated } = loggedMessage(message("a", { own: true, maybeTruncated: true }));
  assertEquals([own, maybe_truncated], [true, true]);
});

const inOrder = [
  "2026-11-28T12:00:00Z",
  "2026-11-28T12:00:00.000001+00:00",
  "2026-11-28T12:00:00.0001+00:00",
  "2026-11-28T13:00:00.001+01:00",
  "2026-11-28T12:00:00.001001Z",
  "2026-11-28T12:00:01Z",
];
Deno.test("timestamps are compared to the microsecond", () => {
  const instants = inOrder.map(instantOf);
  assertEquals(instants, instants.toSorted((a, b) => a - b));
  assertEquals(new Set(instants).size, inOrder.length);
  assert(Number.isNaN(instantOf("yesterday")));
});

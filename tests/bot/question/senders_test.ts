import { assertEquals } from "@std/assert";
import type { Message, User } from "@roomz/roomz/client";
import { isCall, Senders } from "../../../bot/question/senders.ts";

function user(display_name: string | null): User {
  return { id: "user:me", email: "me@example.com", display_name };
}

function message(name: string | null, content: string): Message {
  const timestamp = "2026-01-01T00:00:00Z";
  return {
    id: content,
    user: user(name),
    content,
    timestamp,
    own: false,
    maybeTruncated: false,
    raw: {},
  };
}

Deno.test("who asks is an asker, unless it has no name", () => {
  const senders = new Senders();
  senders.asked(user("agent"));
  senders.asked(user(null));
  assertEquals(senders.of(user("agent")), { isAsker: true, isBot: false });
  assertEquals(senders.of(user(null)), { isAsker: false, isBot: false });
});

Deno.test("the next other connection that speaks after a call is a bot", () => {
  const senders = new Senders();
  senders.said(message("phone", "!ping"));
  senders.said(message("phone", "hello?"));
  senders.said(message("helper", "pong"));
  senders.said(message("laptop", "thanks"));
  assertEquals(["phone", "helper", "laptop"].map((name) => senders.of(user(name)).isBot), [
    false,
    true,
    false,
  ]);
  senders.clear();
  assertEquals(senders.of(user("helper")).isBot, false);
});

for (
  const [content, expected] of [
    ["!ping", true],
    ["@helper ping", true],
    ["！ping", true],
    ["! ping", false],
    ["!!", false],
    ["yes!", false],
    ["", false],
  ] as const
) {
  Deno.test(`${JSON.stringify(content)} ${expected ? "calls" : "does not call"} a bot`, () => {
    assertEquals(isCall(content), expected);
  });
}

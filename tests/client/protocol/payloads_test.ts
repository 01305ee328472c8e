import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  acceptedMessageId,
  parseAuthenticated,
  parseDisplayNameAck,
  parseDisplayNameChanged,
  parseMessage,
  parseSendAck,
  parseUserJoined,
  parseUserLeft,
} from "../../../client/protocol/payloads.ts";
import { SEED } from "../support/mutated_frames.ts";

const user = { id: "user:me@example.com", email: "me@example.com", display_name: null };
const timestamp = "2026-11-23T10:00:00+00:00";

Deno.test("the real server's authenticated payload is parsed", () => {
  const raw = { user, channel: user.id, server_time: timestamp };
  assertEquals(parseAuthenticated(raw), { ...raw, raw });
});

Deno.test("a message is unescaped, and raw is the payload as received", () => {
  const raw = {
    id: "m",
    user: { ...user, display_name: "a&lt;b" },
    content: "1 &lt; 2 &amp;amp; &#x27;3&#x27;",
    timestamp,
    collapsed: true,
  };
  assertEquals(parseMessage(raw), {
    id: "m",
    user: { ...user, display_name: "a<b" },
    content: "1 < 2 &amp; '3'",
    timestamp,
    own: undefined,
    maybeTruncated: false,
    raw,
  });
});

Deno.test("a message of 1,000 escaped code points may be truncated, one of 999 is not", () => {
  const of = (content: string) => parseMessage({ id: "m", user, content, timestamp });
  assertEquals(of("😀".repeat(1_000))?.maybeTruncated, true);
  assertEquals(of("😀".repeat(999))?.maybeTruncated, false);
});

Deno.test("a half entity where the server cut stays as it is", () => {
  const content = `${"&amp;".repeat(199)}aa&am`;
  const message = parseMessage({ id: "m", user, content, timestamp });
  assertEquals(message?.content, `${"&".repeat(199)}aa&am`);
  assertEquals(message?.maybeTruncated, true);
});

Deno.test("joins and leaves are parsed with their counts", () => {
  const joined = { user, timestamp, total_connections: 2 };
  assertEquals(parseUserJoined(joined), { ...joined, raw: joined });
  const left = { user: { ...user, display_name: "bot" }, timestamp, remaining_connections: 1 };
  assertEquals(parseUserLeft(left), { ...left, raw: left });
});

Deno.test("a user without a display name has null", () => {
  const raw = { user: { id: "u", email: "e" }, timestamp, total_connections: 2 };
  assertEquals(parseUserJoined(raw)?.user, { id: "u", email: "e", display_name: null });
});

Deno.test("display_name_changed as the real server sends it is normalised", () => {
  const raw = { user: { ...user, display_name: "a&lt;b" }, timestamp, connection_id: "c" };
  assertEquals(parseDisplayNameChanged(raw), {
    user: { ...user, display_name: "a<b" },
    display_name: "a<b",
    timestamp,
    connection_id: "c",
    raw,
  });
});

Deno.test("display_name_changed as the API reference has it is normalised", () => {
  const raw = { user: { id: user.id, email: user.email }, display_name: "a&lt;b", timestamp };
  assertEquals(parseDisplayNameChanged(raw), {
    user: { ...user, display_name: "a<b" },
    display_name: "a<b",
    timestamp,
    raw,
  });
});

Deno.test("a cleared display name is null in both places, in either shape", () => {
  for (
    const raw of [
      { user, timestamp, connection_id: "c" },
      { user: { id: "u", email: "e" }, display_name: null, timestamp },
    ]
  ) {
    const event = parseDisplayNameChanged(raw);
    assertEquals([event?.display_name, event?.user.display_name], [null, null]);
  }
});

Deno.test("the acknowledgements of a send are parsed", () => {
  const ok = { status: "ok", message_id: "m", timestamp };
  assertEquals(parseSendAck([ok]), { status: "ok", message_id: "m", timestamp });
  assertEquals(parseSendAck([{ error: "Empty message", code: 400 }]), {
    error: "Empty message",
    code: 400,
    delivery: "rejected",
  });
});

Deno.test("the acknowledgements of a display name are parsed and unescaped", () => {
  const of = (ack: unknown) => parseDisplayNameAck([ack]);
  assertEquals(of({ status: "ok", display_name: "a&lt;b" }), {
    status: "ok",
    display_name: "a<b",
  });
  assertEquals(of({ status: "ok", display_name: null }), { status: "ok", display_name: null });
  assertEquals(of({ error: "Too long", code: 400 }), { error: "Too long", code: 400 });
});

const misshapenAcks: readonly unknown[] = [
  undefined,
  null,
  "ok",
  [],
  {},
  { status: "ok" },
  { status: "ok", message_id: 5, timestamp, display_name: 5 },
  { error: "no code" },
  { error: 5, code: 400 },
  { error: "a code in words", code: "400" },
];

Deno.test("a malformed acknowledgement is not accepted", () => {
  for (const ack of misshapenAcks) {
    assertEquals(parseSendAck([ack]), undefined);
    assertEquals(parseDisplayNameAck([ack]), undefined);
  }
  assertEquals(parseSendAck([]), undefined);
});

const message = { id: "m", user, content: "hi", timestamp };
const misshapenMessages: readonly unknown[] = [
  undefined,
  null,
  "message",
  [message],
  { ...message, id: 5 },
  { ...message, content: null },
  { ...message, content: ["hi"] },
  { ...message, timestamp: 5 },
  { ...message, user: null },
  { ...message, user: "me" },
  { ...message, user: [user] },
  { ...message, user: { ...user, id: undefined } },
  { ...message, user: { ...user, email: {} } },
  { ...message, user: { ...user, display_name: 5 } },
  { ...message, user: { ...user, display_name: { toString: "a" } } },
];

Deno.test("a malformed message is not accepted", () => {
  assert(parseMessage(message) !== undefined);
  for (const raw of misshapenMessages) assertEquals(parseMessage(raw), undefined);
});

Deno.test("malformed joins, leaves and name changes are not accepted", () => {
  const presence = { user, timestamp, total_connections: "2", remaining_connections: null };
  assertEquals(parseUserJoined(presence), undefined);
  assertEquals(parseUserLeft(presence), undefined);
  assertEquals(parseUserJoined({ user, total_connections: 2 }), undefined);
  assertEquals(parseDisplayNameChanged({ user, display_name: 5, timestamp }), undefined);
  assertEquals(parseDisplayNameChanged({ display_name: "a", timestamp }), undefined);
  assertEquals(parseAuthenticated({ user, channel: 5, server_time: timestamp }), undefined);
  assertEquals(parseAuthenticated({ channel: "c", server_time: timestamp }), undefined);
});

const parsers = {
  parseAuthenticated,
  parseDisplayNameChanged,
  parseMessage,
  parseUserJoined,
  parseUserLeft,
  parseSendAck: (raw: unknown) => parseSendAck([raw]),
  parseDisplayNameAck: (raw: unknown) => parseDisplayNameAck([raw]),
};

for (const [name, parse] of Object.entries(parsers)) {
  Deno.test(`${name} does not throw for any JSON value`, () => {
    const fields = fc.constantFrom(
      ...["id", "user", "email", "content", "timestamp", "display_name", "status", "message_id"],
      ...["channel", "server_time", "total_connections", "error", "code", "__proto__"],
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, "ok", "a", 5, true),
        fc.dictionary(fields, tie("tree")),
        fc.array(tie("tree"), { maxLength: 2 }),
      ),
    }));
    fc.assert(fc.property(tree, (raw) => void parse(raw)), { seed: SEED, numRuns: 1_000 });
  });
}

Deno.test("a payload's __proto__ does not provide its fields", () => {
  const raw: unknown = JSON.parse(
    `{"__proto__":${JSON.stringify(message)},"user":{"__proto__":${JSON.stringify(user)}}}`,
  );
  assertEquals(parseMessage(raw), undefined);
  assertEquals(parseDisplayNameChanged(raw), undefined);
});

Deno.test("the id of a message is taken from an acknowledgement that accepts it, and from no other", () => {
  assertEquals(acceptedMessageId([{ status: "ok", message_id: "m", timestamp }]), "m");
  const others: unknown[] = [
    { status: "ok", display_name: "x" },
    { status: "ok", message_id: 7 },
    { status: "error", message_id: "m" },
    { error: "Empty message", code: 400 },
    ["ok"],
    null,
    "ok",
  ];
  for (const other of others) assertEquals(acceptedMessageId([other]), undefined);
  assertEquals(acceptedMessageId([]), undefined);
});

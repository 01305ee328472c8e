/**
 * What a bot does about messages that arrive more than once, and whose they are.
 * @module
 */
import { defineBot, runBot } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { RecordingLogger } from "../support/bot_log.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

const echo = defineBot({
  name: "echo",
  commands: {
    "ping": "pong",
    "ask": async ({ ask }) => `You said ${await ask("What?")}`,
  },
  hears: [[/^!?echo/, ({ message }) => `heard ${message.content}`]],
});

/** The copies of messages that a bot receives: an id, the text, and whether the client knows it as its own. */
type Copy = readonly [id: string, content: string, own: boolean | undefined];

/** What the bot says to these messages. */
async function repliesTo(copies: readonly Copy[]): Promise<readonly string[]> {
  const client = new ScriptedClient();
  const logger = new RecordingLogger();
  const stop = new AbortController();
  const running = runBot(echo, { client, logger, signal: stop.signal });
  await logger.wrote(": ready for me@example.com");
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: "echo" };
  const timestamp = "2026-11-23T10:00:00Z";
  for (const [id, content, own] of copies) {
    const traits = { own, maybeTruncated: false, raw: {} };
    client.emit("message", { id, user, content, timestamp, ...traits });
  }
  stop.abort();
  await running;
  // Handles are chosen at random.
  return client.sent.map((text) => text.replace(/ \(text\) \[\w{3}\]$/, ""));
}

const others = Array.from({ length: 900 }, (_, n): Copy => [`other ${n}`, "talk", false]);

const cases: readonly (readonly [name: string, copies: readonly Copy[], replies: string[]])[] = [
  ["a command in an own message", [["1", "!ping", true], ["1", "!ping", false]], []],
  ["an own message that a pattern matches", [["1", "echo", true], ["1", "echo", false]], []],
  ["an own message, three times", [
    ["1", "!ping", true],
    ["1", "!ping", false],
    ["1", "!ping", false],
  ], []],
  ["two own messages, interleaved", [
    ["1", "echo 1", true],
    ["2", "echo 2", true],
    ["1", "echo 1", false],
    ["2", "echo 2", false],
  ], []],
  ["an own message long ago", [["1", "!ping", true], ...others, ["1", "!ping", false]], []],
  ["a message that may be own, then is not", [
    ["1", "!ping", undefined],
    ["1", "!ping", false],
  ], []],
  ["a slip in an own message", [["1", "!pnig", true], ["1", "!pnig", false]], []],
  ["an own message is no answer the second time", [
    ["1", "!ask", false],
    ["2", "What?", true],
    ["2", "What?", false],
  ], ["What?", "I am shutting down and cannot wait for your answer. Please try again later."]],
  ["the same text of someone else", [["1", "!ping", true], ["2", "!ping", false]], ["pong"]],
  ["a message of someone else", [["1", "!ping", false], ["1", "!ping", false]], ["pong"]],
];

for (const [name, copies, replies] of cases) {
  Deno.test(`a second copy is ignored: ${name}`, async () => {
    assertEquals(await repliesTo(copies), replies);
  });
}

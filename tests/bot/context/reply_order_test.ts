/**
 * The parts of a long text stay together, whatever else the bot sends.
 * @module
 */
import { defineBot, type RunSettings } from "@roomz/roomz/bot";
import type { SendResult } from "@roomz/roomz/client";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import { completeSettings } from "../../../bot/run/run_options.ts";
import { RunningBot } from "../../../bot/run/running_bot.ts";
import { RecordingLogger } from "../support/bot_log.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

/** A text of so many parts, each of which starts with `name` and its number. */
function long(name: string, parts = 3): string {
  return Array.from({ length: parts }, (_, i) => `${name}${i + 1} ${name.repeat(900)}`).join("\n");
}

const bot = defineBot({
  name: "helper",
  commands: {
    "long <name>": { concurrent: true, run: ({ args }) => long(args.name) },
    "short <name>": { concurrent: true, run: ({ args }) => args.name },
    "empty": { concurrent: true, run: "" },
    "stream": {
      concurrent: true,
      run: async function* () {
        yield long("x");
        yield "y";
        yield await Promise.resolve(long("z"));
      },
    },
    "fail": {
      concurrent: true,
      run: () => {
        throw new Error("boom");
      },
    },
  },
  on: { user_joined: () => long("j") },
  schedule: { tick: { every: "1s", run: () => long("t") } },
});

/** A bot whose client acknowledges nothing until the test says so. */
async function start(settings: Partial<RunSettings> = {}) {
  const client = new ScriptedClient();
  const platform = new FakePlatform();
  const logger = new RecordingLogger();
  const acks: ((result: SendResult) => void)[] = [];
  client.answer = () => new Promise((resolve) => acks.push(resolve));
  const stop = new AbortController();
  const options = completeSettings({ logger, signal: stop.signal, drainTimeout: 0, ...settings });
  const running = new RunningBot(bot, client, options, platform).run();
  await logger.wrote(": ready for me@example.com");
  return {
    client,
    logger,
    platform,
    /** Acknowledges all that is sent, one message at a time, and returns the first two characters of each. */
    async acknowledgeAll(): Promise<string> {
      await platform.settled();
      for (let i = 0; acks.length > 0; i++) {
        acks.shift()?.({ status: "ok", message_id: `${i}`, timestamp: "" });
        await platform.settled();
      }
      return client.sent.map((text) => text.slice(0, 2).trim()).join(" ");
    },
    fail: () => acks.shift()?.({ error: "Lost.", code: 503, delivery: "unknown" }),
    async end() {
      stop.abort();
      await platform.advance(0);
      await running;
    },
  };
}

const orders: readonly [what: string, lines: readonly string[], sent: string][] = [
  ["two long replies", ["!long a", "!long b"], "a1 a2 a3 b1 b2 b3"],
  ["three long replies", ["!long a", "!long b", "!long c"], "a1 a2 a3 b1 b2 b3 c1 c2 c3"],
  ["a short reply after a long one", ["!long a", "!short b"], "a1 a2 a3 b"],
  ["a short reply before a long one", ["!short b", "!long a"], "b a1 a2 a3"],
  [
    "short ones among long ones",
    ["!long a", "!short b", "!long c", "!short d"],
    "a1 a2 a3 b c1 c2 c3 d",
  ],
  ["a stream's texts", ["!stream", "!long a"], "a1 a2 a3 x1 x2 x3 y z1 z2 z3"],
  ["an empty reply", ["!long a", "!empty", "!short b"], "a1 a2 a3 b"],
  ["the reply about a failure", ["!long a", "!fail", "!long b"], "So a1 a2 a3 b1 b2 b3"],
  ["the reply to a wrong argument", ["!long a", "!short b c", "!long d"], "Un a1 a2 a3 d1 d2 d3"],
];
for (const [what, lines, sent] of orders) {
  Deno.test(`nothing gets between the parts of a text: ${what}`, async () => {
    for (const sendRate of [undefined, { limit: 1_000, window: 1_000 }]) {
      const { client, acknowledgeAll, end } = await start(sendRate && { sendRate });
      for (const line of lines) client.hear(line);
      assertEquals(await acknowledgeAll(), sent);
      await end();
    }
  });
}

Deno.test("nothing gets between the parts of a text: a schedule's text and an event's", async () => {
  const { client, platform, acknowledgeAll, end } = await start();
  client.hear("!long a");
  await platform.advance(1_000);
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: null };
  client.emit("user_joined", { user, timestamp: "", total_connections: 3, raw: {} });
  client.hear("!long b");
  assertEquals(await acknowledgeAll(), "a1 a2 a3 t1 t2 t3 j1 j2 j3 b1 b2 b3");
  await end();
});

Deno.test("a text that fails at a part lets the next one pass", async () => {
  const { client, platform, logger, fail, acknowledgeAll, end } = await start();
  client.hear("!long a");
  client.hear("!long b");
  await platform.settled();
  fail();
  assertEquals(await acknowledgeAll(), "a1 b1 b2 b3 So");
  assertEquals(logger.errors.map(String), [
    "ReplyError: The reply was not acknowledged (503): Lost.",
  ]);
  await end();
});

Deno.test("a text that waits for another when the bot stops is not sent", async () => {
  const { client, platform, end } = await start();
  client.hear("!long a");
  client.hear("!long b");
  client.hear("!short c");
  await platform.settled();
  await end();
  await platform.settled();
  assertEquals(client.sent.map((text) => text.slice(0, 2)), ["a1"]);
});

Deno.test("with a real client, what goes out beside replies does not get between the parts either", async () => {
  const both = defineBot({
    name: "helper",
    commands: {
      "both": async ({ client, reply }) => {
        await Promise.all([reply(long("a")), client.send("b"), reply(long("c")), client.send("d")]);
      },
    },
  });
  await using room = await testBot(both);
  const said = await room.device("phone").say("!both");
  assertEquals(said.map((text) => text.slice(0, 2).trim()).join(" "), "a1 a2 a3 b c1 c2 c3 d");
});

Deno.test("a send rate counts each part, and parts stay together", async () => {
  await using room = await testBot(bot, { sendRate: { limit: 2, window: 10_000 } });
  const [phone, laptop] = [room.device("phone"), room.device("laptop")];
  await phone.say("!long a");
  await laptop.say("!short b");
  await laptop.say("!long c");
  await room.advance(50_000);
  const said = phone.heard.map((text) => text.slice(0, 2).trim());
  assertEquals(said.filter((text) => !/^[tj]/.test(text)).join(" "), "a1 a2 a3 b c1 c2 c3");
});

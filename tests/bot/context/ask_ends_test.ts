/**
 * Questions that end without an answer, and questions that are not delivered.
 * @module
 */
import {
  ConnectionError,
  defineBot,
  NoAnswerError,
  ReplyError,
  type SendResult,
  timeout,
} from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import { asking } from "../support/asking_bot.ts";
import { logLines, RecordingLogger } from "../support/bot_log.ts";
import { completeSettings } from "../../../bot/run/run_options.ts";
import { RunningBot } from "../../../bot/run/running_bot.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

Deno.test("a question times out, however often it was repeated", async () => {
  const { bot, caught } = asking({ timeout: "1m", type: "int" });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!ask"), ["What? (whole number) [n6a]"]);
  await room.advance(30_000);
  assertEquals(await laptop.say("many"), [
    'Your answer must be a whole number such as 42, not "many".',
  ]);
  assertEquals(await room.advance(29_999), []);
  assertEquals(await room.advance(1), ["No answer in time: cancelled."]);
  assertEquals(await laptop.say("1"), [], "too late");
  assertEquals(await laptop.say("!ask"), ["What? (whole number) [n6a]"]);
  assertEquals(await laptop.say("2"), ["laptop said 2"]);
  assertEquals([caught, room.timers], [[], []]);
});

Deno.test("a timeout beyond what timers support does not expire immediately", async () => {
  await using room = await testBot(asking({ timeout: "52w" }).bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!ask"), ["What? (text) [n6a]"]);
  assertEquals(room.timers, [2 ** 31 - 1]);
  assertEquals(await laptop.say("yes"), ["laptop said yes"]);
});

Deno.test("a handler can catch NoAnswerError", async () => {
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask": async ({ ask }) => {
        try {
          return await ask("What?");
        } catch (error) {
          assertInstanceOf(error, NoAnswerError);
          return `no: ${error.reason}`;
        }
      },
    },
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  await laptop.say("!ask");
  assertEquals(await laptop.say("cancel"), ["no: cancelled"]);
  await laptop.say("!ask");
  assertEquals(await room.advance(300_000), ["no: timeout"]);
  await laptop.say("!ask");
  await room.stop();
  assertEquals(laptop.heard.at(-1), "no: stopped");
});

Deno.test("a bot that is stopping ends open questions and asks no new ones", async () => {
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask": ({ ask }) => ask("What?"),
      "later": async ({ ask, clock }) => {
        await new Promise<void>((resolve) => clock.schedule(resolve, 1_000));
        return await ask("And?");
      },
    },
  });
  await using room = await testBot(bot);
  assertEquals(await room.device("laptop").say("!ask"), ["What? (text) [n6a]"]);
  await room.device("phone").say("!later");
  const stopping = room.stop();
  const stopped = "I am shutting down and cannot wait for your answer. Please try again later.";
  assertEquals(await room.advance(999), [stopped]);
  assertEquals(await room.advance(1), [stopped]);
  await stopping;
  assertEquals(logLines(room).filter((line) => /cut short|failed/.test(line)), []);
});

Deno.test("a question without a connection fails immediately", async () => {
  const { bot, caught } = asking();
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  await laptop.say("!ask 1s");
  await room.disconnect();
  assertEquals(await room.advance(1_000), []);
  assertInstanceOf(caught[0], ConnectionError);
  await room.reconnect();
  assertEquals(await laptop.say("is that an answer?"), []);
  assertEquals([caught.length, room.timers], [1, []]);
});

Deno.test("an unacknowledged question fails and stops waiting", async () => {
  const { bot, caught } = asking();
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  room.loseAcknowledgement();
  assertEquals(await laptop.say("!ask"), ["What? (text) [n6a]"]);
  assertEquals(await room.advance(60_000), ["caught"]);
  assertInstanceOf(caught[0], ReplyError);
  assertEquals(await laptop.say("is that an answer?"), []);
  assertEquals([caught.length, room.timers], [1, []]);
});

Deno.test("an answer that arrives before the question's acknowledgement counts, whatever the acknowledgement says", async () => {
  const { bot, caught } = asking();
  const client = new ScriptedClient();
  const acknowledgement = Promise.withResolvers<SendResult>();
  client.answer = (content) => {
    if (!content.startsWith("What?")) return undefined;
    client.hear(content, true);
    return acknowledgement.promise;
  };
  const logger = new RecordingLogger();
  const stop = new AbortController();
  const settings = completeSettings({ logger, signal: stop.signal });
  const running = new RunningBot(bot, client, settings, new FakePlatform()).run();
  await logger.wrote(": ready for me@example.com");
  client.hear("!ask");
  client.hear("yes");
  acknowledgement.reject(new ConnectionError("The connection was lost."));
  stop.abort();
  await running;
  assertEquals([client.sent.slice(1), caught], [["laptop said yes"], []]);
});

Deno.test("an unacknowledged retry prompt is logged, and the question stays open", async () => {
  await using room = await testBot(asking({ retry: "Again?" }).bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!ask"), ["What? (text) [n6a]"]);
  room.loseAcknowledgement();
  assertEquals(await laptop.say("x".repeat(1_000)), ["Again?"]);
  await room.advance(60_000);
  assertMatch(
    logLines(room).at(-1) ?? "",
    /^warn .*could not ask again after an invalid answer: ReplyError: /,
  );
  assertEquals(await laptop.say("yes"), ["laptop said yes"]);
});

Deno.test("a question ends when its handler times out or its signal aborts", async () => {
  const stop = new AbortController();
  const reasons: unknown[] = [];
  const bot = defineBot({
    name: "asker",
    commands: {
      "limited": { use: [timeout("10s")], run: ({ ask }) => ask("What?") },
      "signalled": async ({ ask }) => {
        try {
          return await ask("What?", { signal: stop.signal });
        } catch (error) {
          reasons.push(error);
          return "aborted";
        }
      },
    },
    catch: () => "out of time",
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!limited"), ["What? (text) [n6a]"]);
  assertEquals(await room.advance(9_999), []);
  assertEquals(await room.advance(1), ["That took longer than 10s, so it was stopped."]);
  assertEquals(room.timers, [], "the question's own timer is cancelled as well");
  assertEquals(await laptop.say("!signalled"), ["What? (text) [n6a]"]);
  stop.abort("enough");
  assertEquals(await room.advance(0), ["aborted"]);
  assertEquals(await laptop.say("!signalled"), ["aborted"]);
  assertEquals(reasons, ["enough", "enough"]);
});

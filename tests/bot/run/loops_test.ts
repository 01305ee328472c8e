/**
 * Loops: a bot ignores itself, and stops replying to a bot that replies to it.
 * @module
 */
import { defineBot, onlyFrom } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals } from "@std/assert";
import { logLines } from "../support/bot_log.ts";

const bot = defineBot({
  name: "helper",
  commands: { "ping": "pong", "say <text...>": ({ args }) => args.text },
});

Deno.test("the bot ignores its own messages, and those that may be its own", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!say !ping"), ["!ping"]);
  room.loseAcknowledgement();
  assertEquals(await laptop.say("!ping"), ["pong"]);
  assertEquals(await laptop.say("!ping"), []);
  assertEquals(await laptop.say("nothing for the bot"), []);
  const warnings = () => logLines(room).filter((line) => line.startsWith("warn"));
  assertEquals(warnings(), []);
  await room.advance(1_000);
  assertEquals(warnings(), [
    'warn helper: ignored a message from "laptop": it may be the bot\'s own (the acknowledgement ' +
    "that would have settled it did not arrive in time)",
  ]);
});

Deno.test("the warning names the account of a device without a name", async () => {
  await using room = await testBot(bot, { loopGuard: { limit: 1, window: 1_000 } });
  const device = room.device(null);
  assertEquals(await device.say("!ping"), ["pong"]);
  assertEquals(await device.say("!ping"), [
    '"me@example.com" is sending too many commands and is ignored until it pauses.',
  ]);
  assertEquals(await device.say("!ping"), []);
});

Deno.test("a loop of two bots is stopped, and others still get replies", async () => {
  const one = defineBot({ name: "one", hears: [[/./, ({ message }) => message.content]] });
  let answered = 0;
  const two = defineBot({
    name: "two",
    use: [onlyFrom("one")],
    // Without the other bot's loop guard, this would never end.
    hears: [[/./, ({ message }) => answered++ < 100 ? message.content : undefined]],
  });
  await using room = await testBot(one, { loopGuard: { limit: 5, window: 60_000 } });
  await using other = await room.addBot(two);
  await room.device("laptop").say("hello");
  const warning = '"two" is sending too many commands and is ignored until it pauses.';
  assertEquals(room.answers, [...Array(6).fill("hello"), warning], "5 for the bot, 1 for laptop");
  assertEquals(other.answers, room.answers, "the last message gets no reply");

  assertEquals(await room.device("phone").say("still there?"), ["still there?", "still there?"]);
  assertEquals([room.answers.at(-1), other.answers.at(-1)], ["still there?", "still there?"]);
  await room.advance(60_000);
  await room.device("phone").say("again");
  assertEquals(room.answers.slice(8), [...Array(6).fill("again"), warning], "after a silence");
  assert(answered < 20);
});

/**
 * How replies become messages, and what happens if one is not delivered.
 * @module
 */
import { ConnectionError, defineBot, ReplyError } from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import { loggedErrors, logLines } from "../support/bot_log.ts";

Deno.test("a generator's texts are sent as they are yielded, and long ones are split", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "count": async function* () {
        yield "one";
        yield await Promise.resolve("two");
      },
      "long": () => `${"a".repeat(900)}\n${"b".repeat(900)}`,
      "quiet": () => {},
      "empty": "",
    },
  });
  assertEquals(await answers(bot, "!count", "!long", "!quiet", "!empty"), [
    ["one", "two"],
    ["a".repeat(900), "b".repeat(900)],
    [],
    [],
  ]);
});

Deno.test("a message that may have been cut off runs no command, and the bot says so", async () => {
  let runs = 0;
  const bot = defineBot({
    name: "helper",
    commands: { "run <text...>": () => void runs++ },
    hears: [[/heard/, "heard"]],
  });
  const long = "x".repeat(1_000);
  const [command, unknown, chat, heard] = await answers(
    bot,
    `!run ${long}`,
    `!unknown ${long}`,
    `just ${long}`,
    `heard ${long}`,
  );
  assertEquals(command?.length, 1);
  assertMatch(command?.join() ?? "", /may have been cut off, so it was ignored/);
  assertEquals(unknown, command);
  assertEquals([chat, heard, runs], [[], ["heard"], 0]);
});

/** A bot that waits a second, replies, and continues if the reply failed. */
function trying(thrown: unknown[]) {
  return defineBot({
    name: "helper",
    commands: {
      "try": async ({ clock, reply }) => {
        await new Promise<void>((resolve) => clock.schedule(resolve, 1_000));
        await reply("hello").catch((error: unknown) => thrown.push(error));
        await reply("hello again");
      },
      "ping": "pong",
    },
    catch: () => "this cannot be said either",
  });
}

Deno.test("an unacknowledged reply rejects ctx.reply, reaches catch, and affects nothing else", async () => {
  const thrown: unknown[] = [];
  await using room = await testBot(trying(thrown), { ackTimeout: 100 });
  const phone = room.device("phone");
  await phone.say("!try");
  const sorry = "Sorry, that failed. The bot's log says why.";
  const said = ["hello", "hello again", "this cannot be said either", sorry];
  for (const _ of said) room.loseAcknowledgement();
  // After a minute the client stops waiting for them, and recognizes its own messages again.
  assertEquals(await room.advance(61_000), said);
  assertEquals(await phone.say("!ping"), ["pong"]);
  assertEquals(thrown.length, 1);
  assertInstanceOf(thrown[0], ReplyError);
  const errors = loggedErrors(room);
  assertEquals(errors.length, 3, "from the handler, from catch, and from the apology");
  for (const error of errors) assertInstanceOf(error, ReplyError);
  assertEquals(
    logLines(room).at(-1),
    'error helper: !try from "phone": failed, and so did the reply about the failure',
  );
});

Deno.test("a reply without a connection rejects ctx.reply, reaches catch, and affects nothing else", async () => {
  const thrown: unknown[] = [];
  await using room = await testBot(trying(thrown));
  const phone = room.device("phone");
  await phone.say("!try");
  await room.disconnect();
  assertEquals(await room.advance(1_000), []);
  await room.reconnect();
  assertEquals(await phone.say("!ping"), ["pong"]);
  assertEquals(phone.heard, ["pong"]);
  assertEquals(thrown.length, 1);
  assertInstanceOf(thrown[0], ConnectionError);
  const errors = loggedErrors(room);
  assertEquals(errors.length, 2, "from the handler and from catch");
  for (const error of errors) assertInstanceOf(error, ConnectionError);
});

Deno.test("the error of an unacknowledged reply contains what the client reported", async () => {
  const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
  await using room = await testBot(bot);
  room.loseAcknowledgement();
  assertEquals(await room.device("phone").say("!ping"), ["pong"]);
  assertEquals(loggedErrors(room), []);
  await room.advance(5_000);
  const [error] = loggedErrors(room);
  assertInstanceOf(error, ReplyError);
  assertEquals([error.result.code, error.result.delivery], [408, "unknown"]);
  assertEquals(error.message, `The reply was not acknowledged (408): ${error.result.error}`);
});

Deno.test("a failure while disconnected is logged, not answered", async () => {
  const gate = Promise.withResolvers<string>();
  const bot = defineBot({ name: "helper", commands: { "wait": () => gate.promise } });
  await using room = await testBot(bot);
  await room.device("phone").say("!wait");
  await room.disconnect();
  gate.reject(new Error("boom"));
  await room.settled();
  await room.reconnect();
  assertEquals([room.answers, loggedErrors(room).map(String)], [[], ["Error: boom"]]);
});

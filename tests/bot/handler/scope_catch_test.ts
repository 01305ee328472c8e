/**
 * How the failures of handlers reach `catch`, the room and the log.
 * @module
 */
import { defineBot, defineGroup } from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import { loggedErrors, logLines } from "../support/bot_log.ts";

const boom = () => {
  throw new Error("boom");
};

Deno.test("a failure goes to the nearest catch, and from there outwards", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "fail": boom,
      "late": async () => await Promise.reject(new Error("late")),
      "stream": async function* () {
        yield await Promise.resolve("started");
        throw new Error("interrupted");
      },
    },
    groups: [
      defineGroup({ commands: { "inner": boom }, catch: (error) => `group: ${error}` }),
      defineGroup({
        commands: { "outer": boom },
        catch: (error) => {
          throw new Error("worse", { cause: error });
        },
      }),
    ],
    catch: (error, { command, message }) => `bot: ${error} in ${command}, ${message?.content}`,
  });
  assertEquals(await answers(bot, "!fail", "!late", "!inner", "!outer"), [
    ["bot: Error: boom in fail, !fail"],
    ["bot: Error: late in late, !late"],
    ["group: Error: boom"],
    ["bot: Error: worse in outer, !outer"],
  ]);
  await using room = await testBot(bot);
  assertEquals(await room.device("phone").say("!stream"), [
    "started",
    "bot: Error: interrupted in stream, !stream",
  ]);
  assertEquals(loggedErrors(room).map(String), ["Error: interrupted"]);
});

Deno.test("without catch, a failure is logged and answered, and the bot continues", async () => {
  const bot = defineBot({
    name: "helper",
    use: [async (ctx, next) => {
      if (ctx.message.content === "!ping twice") throw new Error("in middleware");
      return await next();
    }],
    commands: {
      "ping [times]": "pong",
      "fail": boom,
      // Untyped code can return anything.
      "number": () => JSON.parse("1"),
      "null": () => JSON.parse("null"),
    },
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  for (const line of ["!fail", "!ping twice", "!number", "!null"]) {
    assertEquals(await laptop.say(line), ["Sorry, that failed. The bot's log says why."]);
  }
  assertEquals(await laptop.say("!ping"), ["pong"]);
  assertEquals(loggedErrors(room).map(String), [
    "Error: boom",
    "Error: in middleware",
    "TypeError: A handler returned a value of type number. Return a string, an async iterable of strings, or nothing.",
    "TypeError: A handler returned null. Return a string, an async iterable of strings, or nothing.",
  ]);
  assertEquals(logLines(room)[1], 'error helper: !fail from "laptop": failed');
});

Deno.test("a device name cannot corrupt the log", async () => {
  await using room = await testBot(defineBot({ name: "helper", commands: { "fail": boom } }));
  await room.device("x\n\x1b[2J\u202e").say("!fail");
  assertMatch(logLines(room).join("|"), /!fail from "x\ufffd\ufffd\[2J\ufffd": failed/);
  assertInstanceOf(loggedErrors(room)[0], Error);
});

import { BotDefinitionError, defineBot, timeout } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { loggedErrors, logLines } from "../support/bot_log.ts";

const STOPPED = "That took longer than 30s, so it was stopped.";

Deno.test("a handler that never ends is aborted, and the next message is handled", async () => {
  const reasons: unknown[] = [];
  const bot = defineBot({
    name: "helper",
    use: [timeout("30s")],
    commands: {
      "hang": ({ signal }) =>
        new Promise(() => signal.addEventListener("abort", () => reasons.push(signal.reason))),
      "ping": "pong",
    },
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!hang"), []);
  assertEquals(await laptop.say("!ping"), []);
  assertEquals(await room.advance(29_999), []);
  assertEquals(await room.advance(1), [STOPPED, "pong"]);
  assertEquals(reasons.map(String), ["TimeoutError: The handler took longer than 30s."]);
  assertEquals(room.timers, [], "no timers are left behind");
});

Deno.test("a handler that rejects because of the timeout is not reported as a failure", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "hang": {
        use: [timeout("30s")],
        run: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason));
          }),
      },
    },
    catch: () => "not called",
  });
  await using room = await testBot(bot);
  await room.device("laptop").say("!hang");
  assertEquals(await room.advance(30_000), [STOPPED]);
  assertEquals(loggedErrors(room), []);
});

Deno.test("a handler cannot reply after its timeout, whatever it tries", async () => {
  const gate = Promise.withResolvers<void>();
  const refusals: unknown[] = [];
  const bot = defineBot({
    name: "helper",
    use: [timeout("30s")],
    commands: {
      "reply": async (ctx) => {
        await gate.promise;
        await ctx.reply("late").catch((error) => refusals.push(error.result));
      },
      "return": () => gate.promise.then(() => "late"),
      "stream": async function* () {
        yield "in time";
        await gate.promise;
        yield "late";
      },
    },
  });
  await using room = await testBot(bot);
  await room.device("a").say("!reply");
  await room.device("b").say("!return");
  assertEquals(await room.device("c").say("!stream"), ["in time"]);
  assertEquals(await room.advance(30_000), [STOPPED, STOPPED, STOPPED]);
  gate.resolve();
  assertEquals(await room.advance(1), []);
  const error = "The handler timed out before it sent this reply.";
  assertEquals(refusals, [{ error, code: 499, delivery: "not_sent" }]);
  assertStringIncludes(
    logLines(room).join("\n"),
    '!return from "b": failed after it had timed out',
  );
});

Deno.test("a handler within its time is not affected, and its failure is reported as usual", async () => {
  const bot = defineBot({
    name: "helper",
    use: [timeout(500)],
    commands: {
      "ping": "pong",
      "fail": () => {
        throw new Error("boom");
      },
    },
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!ping"), ["pong"]);
  assertEquals(await laptop.say("!fail"), ["Sorry, that failed. The bot's log says why."]);
  assertEquals(await room.advance(1_000), []);
  assertEquals(loggedErrors(room).map(String), ["Error: boom"]);
});

Deno.test("shutdown also aborts a handler inside a timeout", async () => {
  const bot = defineBot({
    name: "helper",
    use: [timeout("30s")],
    commands: {
      "hang": ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    },
  });
  await using room = await testBot(bot, { drainTimeout: 1_000 });
  await room.device("laptop").say("!hang");
  const stopped = room.stop();
  await room.advance(1_000);
  await stopped;
  assert(
    logLines(room).includes(
      'warn helper: !hang from "laptop": interrupted, because the bot stopped',
    ),
  );
});

Deno.test("an invalid timeout is rejected when it is created", () => {
  assertThrows(() => timeout("soon"), BotDefinitionError, 'more than 0, not "soon"');
  assertThrows(() => timeout(0), BotDefinitionError, "more than 0, not 0.\n  in timeout()");
});

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { BotDefinitionError, defineBot, timeout } from "@roomz/roomz/bot";
import { BotRoom } from "../bot_room.ts";
import { FakeHost } from "../fake_host.ts";

const STOPPED = "That took longer than 30s, so it was stopped.";

Deno.test("a handler that never ends is told, and the next message has its turn", async () => {
  const host = new FakeHost();
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
  await using room = await BotRoom.with(bot, {}, host);
  room.say("!hang");
  room.say("!ping");
  await host.advance(29_999);
  assertEquals(room.replies, []);
  await host.advance(1);
  assertEquals(room.replies, [STOPPED, "pong"]);
  assertEquals(reasons.map(String), ["TimeoutError: It took longer than 30s."]);
  assertEquals(host.timers, [], "no timer of a message that was answered is left");
});

Deno.test("a handler that fails because its time is up is no failure of its own", async () => {
  const host = new FakeHost();
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
  await using room = await BotRoom.with(bot, {}, host);
  room.say("!hang");
  await host.advance(30_000);
  assertEquals([room.replies, room.log.errors], [[STOPPED], []]);
});

Deno.test("after its time a handler replies no more, however it tries", async () => {
  const host = new FakeHost();
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
  await using room = await BotRoom.with(bot, {}, host);
  room.say("!reply", "a");
  room.say("!return", "b");
  room.say("!stream", "c");
  await host.advance(30_000);
  gate.resolve();
  await host.advance(1);
  assertEquals(room.replies, ["in time", STOPPED, STOPPED, STOPPED]);
  const error = "The handler was stopped before it replied this.";
  assertEquals(refusals, [{ error, code: 499, delivery: "not_sent" }]);
  assertStringIncludes(room.log.lines.join("\n"), '!return from "b": after its time was up');
});

Deno.test("a handler in time is not touched, and its failure is its own", async () => {
  const host = new FakeHost();
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
  await using room = await BotRoom.with(bot, {}, host);
  room.say("!ping");
  room.say("!fail");
  await host.advance(1_000);
  assertEquals(room.replies, ["pong", "Sorry, that failed. The bot's log says why."]);
  assertEquals(room.log.errors.map(String), ["Error: boom"]);
});

Deno.test("a bot that stops tells a handler inside a timeout as well", async () => {
  const host = new FakeHost();
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
  await using room = await BotRoom.with(bot, { drainTimeout: 1_000 }, host);
  room.say("!hang");
  room.stop();
  await host.advance(1_000);
  await room.running;
  assert(
    room.log.lines.includes('warn helper: !hang from "laptop": cut short, because the bot stops'),
  );
});

Deno.test("a timeout that makes no sense is an error when it is made", () => {
  assertThrows(() => timeout("soon"), BotDefinitionError, '"soon" is no length of time');
  assertThrows(() => timeout(0), BotDefinitionError, "more than 0.\n  in timeout()");
});

import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const bot = defineBot({
  name: "helper",
  commands: {
    "count <n:int>": async function* ({ args, device }) {
      for (let n = 1; n <= args.n; n++) yield `${device} ${n}`;
    },
  },
});

Deno.test("a send rate is never exceeded, and devices take turns", async () => {
  await using room = await testBot(bot, { sendRate: { limit: 2, window: 1_000 } });
  const saying = room.device("a").say("!count 3");
  assertEquals(await room.device("b").say("!count 2"), ["a 1", "b 1"]);
  await saying;
  assertEquals(await room.advance(999), []);
  assertEquals(await room.advance(1), ["a 2", "b 2"]);
  assertEquals(await room.advance(1_000), ["a 3"]);
});

Deno.test("without a send rate, messages are sent immediately", async () => {
  await using room = await testBot(bot);
  assertEquals((await room.device("a").say("!count 200")).length, 200);
});

Deno.test("messages that still wait for their turn at the drain timeout are dropped", async () => {
  const settings = { sendRate: { limit: 1, window: 3_600_000 }, drainTimeout: 5_000 };
  await using room = await testBot(bot, settings);
  assertEquals(await room.device("a").say("!count 3"), ["a 1"]);
  const stopped = room.stop();
  assertEquals(await room.advance(5_000), []);
  await stopped;
  assertEquals(room.timers, []);
});

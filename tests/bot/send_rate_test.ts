import { assertEquals } from "@std/assert";
import { defineBot } from "@roomz/roomz/bot";
import { BotRoom } from "./bot_room.ts";
import { FakeHost } from "./fake_host.ts";

const bot = defineBot({
  name: "helper",
  commands: {
    "count <n:int>": async function* ({ args, device }) {
      for (let n = 1; n <= args.n; n++) yield `${device} ${n}`;
    },
  },
});

Deno.test("a bot that keeps a rate says no more in any such time, each device its turn", async () => {
  const host = new FakeHost();
  const sendRate = { limit: 2, window: 1_000 };
  await using room = await BotRoom.with(bot, { sendRate }, host);
  room.say("!count 3", "a");
  room.say("!count 2", "b");
  await host.advance(999);
  assertEquals(room.replies, ["a 1", "b 1"]);
  await host.advance(1);
  assertEquals(room.replies, ["a 1", "b 1", "a 2", "b 2"]);
  await host.advance(1_000);
  assertEquals(room.replies, ["a 1", "b 1", "a 2", "b 2", "a 3"]);
});

Deno.test("without a rate a bot says what it has to say at once", async () => {
  const host = new FakeHost();
  await using room = await BotRoom.with(bot, {}, host);
  room.say("!count 200", "a");
  await host.advance(0);
  assertEquals(room.replies.length, 200);
});

Deno.test("what waits for its turn is dropped when the bot has no more time", async () => {
  const host = new FakeHost();
  const settings = { sendRate: { limit: 1, window: 3_600_000 }, drainTimeout: 5_000 };
  const room = await BotRoom.with(bot, settings, host);
  room.say("!count 3", "a");
  room.stop();
  await host.advance(5_000);
  await room.running;
  assertEquals([room.replies, host.timers], [["a 1"], []]);
});

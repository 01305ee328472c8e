import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const bot = defineBot({
  name: "clock",
  commands: {
    "tick <every:duration> <times:int>": ({ args, clock, reply }) => {
      const tick = (left: number) => {
        if (left === 0) return;
        clock.schedule(async () => {
          await reply(`${left} left`);
          tick(left - 1);
        }, args.every);
      };
      tick(args.times);
    },
  },
});

Deno.test("room.timers lists the bot's timers, without those of its connection", async () => {
  await using room = await testBot(bot);
  assertEquals(room.timers, []);
  await room.device("phone").say("!tick 10s 2");
  await room.device("laptop").say("!tick 1s 1");
  assertEquals(room.timers, [1_000, 10_000]);
  await room.advance(4_000);
  assertEquals(room.timers, [6_000]);
  const cancel = room.clock.schedule(() => {}, 1);
  assertEquals(room.timers, [6_000], "timers of the test are not included");
  cancel();
  room.crash();
  assertEquals(room.timers, []);
});

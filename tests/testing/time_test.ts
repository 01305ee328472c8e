import { ConfigurationError, cooldown, defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertRejects } from "@std/assert";

const bot = defineBot({
  name: "clock",
  commands: {
    "now": ({ clock }) => new Date(clock.now()).toISOString(),
    "tick <every:duration> <times:int>": ({ args, clock, reply }) => {
      const tick = (left: number) => {
        if (left === 0) return;
        clock.schedule(async () => {
          await reply(`${args.times - left + 1} at ${clock.monotonic()}`);
          tick(left - 1);
        }, args.every);
      };
      tick(args.times);
    },
    "often": { use: [cooldown({ limit: 1, window: "1m" })], run: "Done." },
  },
});

Deno.test("time stands still until the test moves it on", async () => {
  await using room = await testBot(bot, { startTime: "2026-03-29T00:59:00Z" });
  const phone = room.device("phone");
  assertEquals(await phone.say("!now"), ["2026-03-29T00:59:00.000Z"]);
  await room.advance(60_000);
  assertEquals(await phone.say("!now"), ["2026-03-29T01:00:00.000Z"]);
  await room.advanceTo(new Date("2027-01-01T00:00:00Z"));
  assertEquals(await phone.say("!now"), ["2027-01-01T00:00:00.000Z"]);
  assertEquals(room.clock.now(), Date.UTC(2027, 0, 1));
});

Deno.test("timers run at their moments, one after the other, also those that timers set", async () => {
  await using room = await testBot(bot);
  await room.device("phone").say("!tick 10s 3");
  await room.device("laptop").say("!tick 15s 1");
  assertEquals(await room.advance(60_000), [
    "1 at 10000",
    "1 at 15000",
    "2 at 20000",
    "3 at 30000",
  ]);
});

Deno.test("a timer that is taken back never runs", async () => {
  let ran = 0;
  await using room = await testBot(bot);
  const cancel = room.clock.schedule(() => ran++, 1_000);
  room.clock.schedule(() => ran += 10, 1_000);
  cancel();
  await room.advance(1_000);
  assertEquals(ran, 10);
});

Deno.test("the timers that a bot waits for are known, those of its connection are not among them", async () => {
  await using room = await testBot(bot);
  assertEquals(room.timers, []);
  await room.device("phone").say("!tick 10s 2");
  await room.device("laptop").say("!tick 1s 1");
  assertEquals(room.timers, [1_000, 10_000]);
  await room.advance(4_000);
  assertEquals(room.timers, [6_000]);
  const cancel = room.clock.schedule(() => {}, 1);
  assertEquals(room.timers, [6_000], "nor those of the test");
  cancel();
  room.crash();
  assertEquals(room.timers, []);
});

Deno.test("middleware lives by the same time", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(await phone.say("!often"), ["Done."]);
  assertEquals(await phone.say("!often"), ["Too many requests. Try again in 1m."]);
  await room.advance(60_000);
  assertEquals(await phone.say("!often"), ["Done."]);
});

Deno.test("a connection outlasts a year in which nobody says anything", async () => {
  await using room = await testBot(bot, { maxReconnectAttempts: 0 });
  await room.advance(365 * 86_400_000);
  assertEquals(await room.device("phone").say("!now"), ["2027-01-01T00:00:00.000Z"]);
  assertEquals(room.log.filter(({ level }) => level === "warn"), []);
});

Deno.test("time does not go back, nor by what is no number", async () => {
  await using room = await testBot(bot);
  await room.advance(1);
  for (const wrong of [-1, NaN, Infinity]) {
    await assertRejects(
      () => room.advance(wrong),
      ConfigurationError,
      "advance requires a finite number of milliseconds",
    );
  }
  await assertRejects(
    () => room.advanceTo("2025-12-31T23:59:59Z"),
    ConfigurationError,
    "0 or more",
  );
  await assertRejects(() => room.advanceTo("tomorrow"), ConfigurationError, "is not a valid date");
});

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

Deno.test("the clock stops until the test advances it", async () => {
  await using room = await testBot(bot, { startTime: "2026-03-29T00:59:00Z" });
  const phone = room.device("phone");
  assertEquals(await phone.say("!now"), ["2026-03-29T00:59:00.000Z"]);
  await room.advance(60_000);
  assertEquals(await phone.say("!now"), ["2026-03-29T01:00:00.000Z"]);
  await room.advanceTo(new Date("2027-01-01T00:00:00Z"));
  assertEquals(await phone.say("!now"), ["2027-01-01T00:00:00.000Z"]);
  assertEquals(room.clock.now(), Date.UTC(2027, 0, 1));
});

Deno.test("timers fire when due, in order, including those set by timers", async () => {
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

Deno.test("a cancelled timer never fires", async () => {
  let ran = 0;
  await using room = await testBot(bot);
  const cancel = room.clock.schedule(() => ran++, 1_000);
  room.clock.schedule(() => ran += 10, 1_000);
  cancel();
  await room.advance(1_000);
  assertEquals(ran, 10);
});

Deno.test("middleware uses the same clock", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(await phone.say("!often"), ["Done."]);
  assertEquals(await phone.say("!often"), ["Too many requests. Try again in 1m."]);
  await room.advance(60_000);
  assertEquals(await phone.say("!often"), ["Done."]);
});

Deno.test("a connection survives a year of silence", async () => {
  await using room = await testBot(bot, { maxReconnectAttempts: 0 });
  await room.advance(365 * 86_400_000);
  assertEquals(await room.device("phone").say("!now"), ["2027-01-01T00:00:00.000Z"]);
  assertEquals(room.log.filter(({ level }) => level === "warn"), []);
});

Deno.test("the clock refuses to go back, and invalid numbers", async () => {
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

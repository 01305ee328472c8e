import { assertEquals } from "@std/assert";
import { defineBot, logger } from "@roomz/roomz/bot";
import { BotRoom } from "../bot_room.ts";
import { FakeHost } from "../fake_host.ts";

Deno.test("the logger tells which command took how long, and how it ended", async () => {
  const host = new FakeHost();
  const bot = defineBot({
    name: "helper",
    use: [logger()],
    commands: {
      "work <time:duration>": ({ args, clock }) =>
        new Promise<string>((resolve) => clock.schedule(() => resolve("done"), args.time)),
      "fail": () => {
        throw new Error("boom");
      },
    },
    hears: [[/secret/, "I heard nothing."]],
  });
  await using room = await BotRoom.with(bot, {}, host);
  room.say("!work 90s");
  await host.advance(90_000);
  room.say("!fail");
  await host.advance(0);
  room.say("my secret", null);
  await host.advance(0);
  assertEquals(room.log.lines.slice(1), [
    'info helper: !work from "laptop": done in 1m30s',
    'info helper: !fail from "laptop": failed after 0ms',
    'error helper: !fail from "laptop": failed',
    "info helper: message from a device without a name: done in 0ms",
  ]);
});

import { defineBot, logger } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import { logLines } from "../support/bot_log.ts";

Deno.test("the logger reports each command, its outcome and its duration", async () => {
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
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  await laptop.say("!work 90s");
  assertEquals(await room.advance(90_000), ["done"]);
  await laptop.say("!fail");
  await room.device(null).say("my secret");
  assertEquals(logLines(room).slice(1), [
    'info helper: !work from "laptop": done in 1m30s',
    'info helper: !fail from "laptop": failed after 0ms',
    'error helper: !fail from "laptop": failed',
    "info helper: message from a device without a name: done in 0ms",
  ]);
});

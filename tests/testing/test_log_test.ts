import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const bot = defineBot({
  name: "helper",
  commands: {
    "fail": () => {
      throw new Error("boom");
    },
    "all": async ({ log, reply }) => {
      log.debug("one");
      log.info("two");
      log.warn("three");
      await reply("Done.");
    },
  },
});

Deno.test("the log has what a handler throws", async () => {
  await using room = await testBot(bot);
  await room.device("phone").say("!fail");
  const [failed] = room.log.filter(({ level }) => level === "error");
  assertEquals(String(failed?.cause), "Error: boom");
});

Deno.test("the log has all levels, and the transcript only warnings and errors", async () => {
  await using room = await testBot(bot);
  await room.device("phone").say("!all");
  const lines = room.log.filter(({ text }) => text.includes("!all"));
  assertEquals(lines.map(({ level }) => level), ["debug", "info", "warn"]);
  assertEquals(
    room.transcript,
    `
0.000s  phone   !all
0.000s  (log)   warning: helper: !all from "phone": three
0.000s  helper  Done.`.slice(1),
  );
});

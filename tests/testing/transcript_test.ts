import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const bot = defineBot({
  name: "helper",
  commands: {
    "ping": "pong",
    "fail": () => {
      throw new Error("boom");
    },
    "lines": "one\ntwo",
  },
});

Deno.test("the transcript lists who said what and when, in order", async () => {
  await using room = await testBot(bot);
  await room.device("phone").say("!ping");
  await room.advance(12_345);
  await room.device(null).say("!fail");
  await room.device("phone").say("!lines", { copies: 2 });
  room.crash();
  assertEquals(
    room.transcript,
    `
 0.000s  phone      !ping
 0.000s  helper     pong
12.345s  (no name)  !fail
12.345s  (log)      error: helper: !fail from a device without a name: failed (Error: boom)
12.345s  helper     Sorry, that failed. The bot's log says why.
12.345s  phone      !lines (arrives 2 times)
12.345s  helper     one
                    two
12.345s  helper     (is killed)`.slice(1),
  );
});

Deno.test("with several accounts, the transcript names each device's account", async () => {
  await using room = await testBot(bot, { accounts: ["ann@example.com", "bob@example.com"] });
  await room.device("phone", "bob@example.com").say("!ping");
  assertEquals(
    room.transcript,
    `
0.000s  phone of bob@example.com   !ping
0.000s  helper of bob@example.com  pong`.slice(1),
  );
});

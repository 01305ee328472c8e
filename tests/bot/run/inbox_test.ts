/**
 * A full queue.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { logLines } from "../support/bot_log.ts";
import { Worker } from "../support/worker.ts";

const BUSY = "Too busy: your message was not processed. Send it again later.";

Deno.test("a full queue refuses messages, with one notice until there is space", async () => {
  await using room = await testBot(new Worker().bot, { maxPending: 2 });
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!work a 1s"), []);
  assertEquals(await laptop.say("!work b 1s"), []);
  assertEquals(await laptop.say("!work c 1s"), [BUSY]);
  assertEquals(await laptop.say("!work d 1s"), []);
  assertEquals(await room.advance(10_000), ["a done", "b done"]);
  assertEquals(await laptop.say("!ping"), ["pong"]);
  assert(logLines(room).includes("warn helper: accepting messages again; 2 were refused"));
});

Deno.test("an event that a full queue refuses is logged, without a message in the room", async () => {
  const bot = defineBot({
    name: "helper",
    commands: { "hang": () => new Promise(() => {}) },
    on: { user_left: "Bye" },
  });
  await using room = await testBot(bot, { maxPending: 1, drainTimeout: 0 });
  const phone = room.device("phone");
  await phone.say("!hang");
  await phone.leave();
  assertEquals(room.answers, []);
  assertEquals(
    logLines(room).at(-1),
    "warn helper: too busy: user_left was not handled",
  );
});

Deno.test("a notice that cannot be sent is logged", async () => {
  await using room = await testBot(new Worker().bot, { maxPending: 1 });
  const laptop = room.device("laptop");
  await laptop.say("!work a 1h");
  room.loseAcknowledgement();
  assertEquals(await laptop.say("!work b 1h"), [BUSY]);
  await room.advance(5_000);
  assertMatch(
    logLines(room).at(-1) ?? "",
    /^warn helper: could not say that in the room: ReplyError: .* \(408\)/,
  );
});

import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import reminder from "../../examples/reminder_bot.ts";

const MINUTE = 60_000;

Deno.test("the reminder bot sends reminders on time, even after a restart", async () => {
  await using room = await testBot(reminder, { startTime: "2026-11-21T10:00:00Z" });
  const phone = room.device("phone");
  assertEquals(await phone.say("!remind 20m tea"), ["I'll remind you in 20m."]);
  assertEquals(await phone.say("!r 90s door"), ["I'll remind you in 1m30s."]);
  assertEquals(await phone.say("!reminders"), ["1. in 1m30s: door\n2. in 20m: tea"]);
  assertEquals(await room.advance(2 * MINUTE), ["⏰ door"]);
  room.crash();
  await room.advance(17 * MINUTE);
  await room.restart();
  assertEquals(await room.advance(MINUTE), ["⏰ tea"]);
  assertEquals(await phone.say("!reminders"), ["No reminders."]);
});

Deno.test("the reminder bot deletes reminders", async () => {
  await using room = await testBot(reminder, { startTime: "2026-11-21T10:00:00Z" });
  const phone = room.device("phone");
  await phone.say("!remind 1h tea");
  assertEquals(await phone.say("!forget 2"), ["There is no such reminder."]);
  assertEquals(await phone.say("!forget 0"), ["There is no such reminder."]);
  assertEquals(await phone.say("!forget 1"), ["Deleted: tea"]);
  assertEquals(await room.advance(120 * MINUTE), []);
});

Deno.test("the reminder bot says in the morning what is due that day", async () => {
  await using room = await testBot(reminder, { startTime: "2026-11-22T12:00:00Z" });
  const phone = room.device("phone");
  await phone.say("!remind 1d call the garage");
  await phone.say("!remind 2d pay the rent");
  assertEquals(await room.advanceTo("2026-11-23T08:00:00Z"), ["Today: call the garage"]);
});

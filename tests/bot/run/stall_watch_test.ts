import { defineBot } from "@roomz/roomz/bot";
import { testBot, type TestRoom } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const bot = defineBot({
  name: "helper",
  commands: {
    "hang": () => new Promise<void>(() => {}),
    "busy": { concurrent: true, run: () => new Promise<void>(() => {}) },
    "ask": async ({ ask }) => await ask("Well?", { timeout: "1h" }),
    "work": async ({ clock }) => {
      await new Promise<void>((done) => clock.schedule(done, 30_000));
      return "done";
    },
    "ping": "pong",
  },
});

function warnings(room: TestRoom): string[] {
  return room.log.filter(({ level }) => level === "warn").map(({ text }) => text);
}

function warning(waiting: number): string {
  return `helper: no progress for a minute, with ${waiting} waiting: a handler may be stuck. Limit ` +
    'its time with use: [timeout("1m")], or set concurrent: true so that others do not wait for it.';
}

Deno.test("a stall is logged once", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!hang");
  await phone.say("!ping");
  await phone.say("!ping");
  await room.advance(59_999);
  assertEquals(warnings(room), []);
  await room.advance(1);
  assertEquals(warnings(room), [warning(2)]);
  assertEquals(await room.device("laptop").say("!ping"), ["pong"]);
  await room.advance(3_600_000);
  assertEquals(warnings(room), [warning(2)]);
});

Deno.test("a task that gets its turn within a minute is not a stall", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  for (let n = 0; n < 10; n++) await phone.say("!work");
  await room.advance(300_000);
  assertEquals(room.answers.length, 10);
  assertEquals(warnings(room), []);
  await phone.say("!hang");
  await phone.say("!ping");
  await room.advance(60_000);
  assertEquals(warnings(room), [warning(1)]);
});

Deno.test("a slow handler without waiting messages is not a stall", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!busy");
  await phone.say("!ask");
  await phone.say("!ping");
  await room.device("laptop").say("!hang");
  await room.advance(1_800_000);
  assertEquals(warnings(room), []);
});

Deno.test("an answered question waits for its turn like other tasks", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!ask");
  await phone.say("!hang");
  await phone.say("Well.");
  await room.advance(60_000);
  assertEquals(warnings(room), [warning(1)]);
});

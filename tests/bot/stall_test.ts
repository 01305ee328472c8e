import { assertEquals } from "@std/assert";
import { defineBot } from "@roomz/roomz/bot";
import { testBot, type TestRoom } from "@roomz/roomz/testing";

const bot = defineBot({
  name: "helper",
  commands: {
    "hang": () => new Promise<void>(() => {}),
    "busy": { concurrent: true, run: () => new Promise<void>(() => {}) },
    "ask": async ({ ask }) => await ask("Well?", { timeout: "1h" }),
    "ping": "pong",
  },
});

function warnings(room: TestRoom): string[] {
  return room.log.filter(({ level }) => level === "warn").map(({ text }) => text);
}

const WARNING = 'helper: What "phone" said has waited for more than a minute for what was called ' +
  'before it to end. If that never ends, give its command a limit, use: [timeout("1m")], or have ' +
  "others not wait for it: concurrent: true.";

Deno.test("what waits for a handler that never ends is told in the log, once", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!hang");
  await phone.say("!ping");
  await phone.say("!ping");
  await room.advance(60_000);
  assertEquals(warnings(room), []);
  await room.advance(60_000);
  assertEquals(warnings(room), [WARNING]);
  assertEquals(await room.device("laptop").say("!ping"), ["pong"]);
  await room.advance(3_600_000);
  assertEquals(warnings(room), [WARNING]);
});

Deno.test("a handler that nothing waits for may take its time", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!busy");
  await phone.say("!ask");
  await phone.say("!ping");
  await room.device("laptop").say("!hang");
  await room.advance(1_800_000);
  assertEquals(warnings(room), []);
});

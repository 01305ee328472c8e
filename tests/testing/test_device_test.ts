import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertRejects } from "@std/assert";

const bot = defineBot({
  name: "helper",
  commands: {
    "ping": "pong",
    "who": ({ user, device }) => `${device} of ${user.email}`,
    "file": async () => `${(await Deno.stat(new URL(".", import.meta.url))).isDirectory}`,
  },
});

Deno.test("hears waits for a handler with real I/O", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  void phone.say("!file");
  assertEquals(await phone.hears(1), ["true"]);
  assertEquals(await phone.hears(1), ["true"], "already heard");
});

Deno.test("hears fails with the transcript if no reply comes", async () => {
  await using room = await testBot(bot, { patience: 1 });
  const phone = room.device("phone");
  await phone.say("!ping");
  const error = await assertRejects(() => phone.hears(2), Error);
  assertEquals(
    error.message,
    `
phone heard 1 of 2 expected messages within 1 ms. What happened:
0.000s  phone   !ping
0.000s  helper  pong`.slice(1),
  );
});

Deno.test("a bot handles devices that join, change their name and leave", async () => {
  const greeter = defineBot({
    name: "greeter",
    on: {
      user_joined: ({ event }) => `${event.total_connections} here`,
      display_name_changed: ({ event }) => `now ${event.display_name}`,
      user_left: ({ device, event }) => `bye ${device}, ${event.remaining_connections} left`,
    },
  });
  await using room = await testBot(greeter);
  const phone = room.device("phone");
  await room.settled();
  await phone.rename("mobile");
  await phone.rename(null);
  await phone.leave();
  assertEquals(room.answers, [
    "2 here",
    "now phone",
    "now mobile",
    "now null",
    "bye null, 1 left",
  ]);
  await assertRejects(() => phone.say("hello?"), Error, "The device null has left the room.");
});

Deno.test("after a device leaves or is renamed, its old name makes a new device", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(room.device("phone") === phone, true);
  await phone.rename("mobile");
  const second = room.device("phone");
  await second.leave();
  const third = room.device("phone");
  assertEquals(await third.say("!who"), ["phone of me@example.com"]);
  assertEquals([phone.heard.length, second.heard.length], [1, 0]);
});

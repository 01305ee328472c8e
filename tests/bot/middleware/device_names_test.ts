import { assertEquals, assertThrows } from "@std/assert";
import { BotDefinitionError, defineBot, ignore, onlyFrom } from "@roomz/roomz/bot";
import { BotRoom } from "../bot_room.ts";

Deno.test("a command for some devices tells the others so, and works for those", async () => {
  const bot = defineBot({
    name: "helper",
    commands: { "lock": { use: [onlyFrom("laptop", "Büro")], run: "Locked." }, "ping": "pong" },
  });
  await using room = await BotRoom.with(bot);
  const devices = ["laptop", "LAPTOP", "bu\u0308ro", "phone", null];
  for (const [index, device] of devices.entries()) {
    room.say("!lock", device);
    await room.said(index + 1);
  }
  room.say("!ping", "phone");
  const refused = 'That works only from "laptop" or "Büro".';
  assertEquals(await room.said(6), [...Array(3).fill("Locked."), refused, refused, "pong"]);
});

Deno.test("what calls no command is kept from other devices without a word", async () => {
  const bot = defineBot({ name: "helper", use: [onlyFrom("laptop")], hears: [[/hi/, "Hello"]] });
  await using room = await BotRoom.with(bot);
  room.say("hi", "phone");
  room.say("hi", "laptop");
  assertEquals(await room.said(1), ["Hello"]);
});

Deno.test("a device that is ignored gets no answer, others do", async () => {
  const bot = defineBot({
    name: "helper",
    use: [ignore("Parrot")],
    commands: { "who": ({ device }) => `${device}` },
  });
  await using room = await BotRoom.with(bot);
  for (const device of ["parrot", "laptop", null]) room.say("!who", device);
  assertEquals(await room.said(2), ["laptop", "null"]);
});

Deno.test("a filter without a name is an error when it is made", () => {
  assertThrows(() => onlyFrom(), BotDefinitionError, "Name at least one device.\n  in onlyFrom()");
  assertThrows(() => ignore(), BotDefinitionError, "Name at least one device.\n  in ignore()");
});

import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import poll from "../../examples/poll_bot.ts";

Deno.test("the poll bot counts one vote of every device", async () => {
  await using room = await testBot(poll);
  const [phone, laptop] = [room.device("phone"), room.device("laptop")];
  assertEquals(await phone.say('!poll "Where to?" Rome "New York"'), [
    "Where to?\n1. Rome: 0\n2. New York: 0\nVote with !vote and the number.",
  ]);
  assertEquals(await phone.say("!vote 1"), ["phone votes for Rome."]);
  assertEquals(await laptop.say("!vote 1"), ["laptop votes for Rome."]);
  assertEquals(await phone.say("!vote 2"), ["phone votes for New York."]);
  assertEquals(await phone.say("!vote 3"), ["Choose a number from 1 to 2."]);
  const result = "Where to?\n1. Rome: 1 (laptop)\n2. New York: 1 (phone)";
  assertEquals(await laptop.say("!results"), [result]);
  assertEquals(await laptop.say("!poll Why? a b"), ["There is a poll already: !close it first."]);
  assertEquals(await laptop.say("!close"), ["End the poll? (yes/no)"]);
  assertEquals(await laptop.say("yes"), [`It is over. ${result}`]);
});

Deno.test("the poll bot says what is missing", async () => {
  await using room = await testBot(poll);
  const phone = room.device("phone");
  assertEquals(await phone.say("!poll Why? because"), ["A poll needs two choices or more."]);
  const none = 'There is no poll. Start one: !poll "Where to?" Rome Paris';
  assertEquals(await phone.say("!vote 1"), [none]);
  assertEquals(await phone.say("!results"), [none]);
});

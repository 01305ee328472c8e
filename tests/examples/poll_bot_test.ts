import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import poll from "../../examples/poll_bot.ts";

Deno.test("the poll bot counts one vote per device", async () => {
  await using room = await testBot(poll);
  const [phone, laptop] = [room.device("phone"), room.device("laptop")];
  assertEquals(await phone.say('!poll "Where to?" Rome "New York"'), [
    "Where to?\n1. Rome: 0\n2. New York: 0\nVote with !vote and a number.",
  ]);
  assertEquals(await phone.say("!vote 1"), ["phone voted for Rome."]);
  assertEquals(await laptop.say("!vote 1"), ["laptop voted for Rome."]);
  assertEquals(await phone.say("!vote 2"), ["phone voted for New York."]);
  assertEquals(await phone.say("!vote 3"), ["Choose a number from 1 to 2."]);
  const result = "Where to?\n1. Rome: 1 (laptop)\n2. New York: 1 (phone)";
  assertEquals(await laptop.say("!results"), [result]);
  assertEquals(await laptop.say("!poll Why? a b"), [
    "There is already a poll. Close it first: !close",
  ]);
  assertEquals(await laptop.say("!close"), ["End the poll? (yes|no) [n6a]"]);
  assertEquals(await laptop.say("yes"), [`The poll is closed. ${result}`]);
});

Deno.test("the poll bot explains invalid polls and votes without a poll", async () => {
  await using room = await testBot(poll);
  const phone = room.device("phone");
  assertEquals(await phone.say("!poll Why? because"), ["A poll needs at least two choices."]);
  const none = 'There is no poll. Start one: !poll "Where to?" Rome Paris';
  assertEquals(await phone.say("!vote 1"), [none]);
  assertEquals(await phone.say("!results"), [none]);
});

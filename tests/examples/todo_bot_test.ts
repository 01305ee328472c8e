import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import todo from "../../examples/todo_bot.ts";

Deno.test("the to-do list is shared by all devices, and survives a restart", async () => {
  await using room = await testBot(todo);
  const [laptop, phone] = [room.device("laptop"), room.device("phone")];
  assertEquals(await laptop.say("!todo"), ["Nothing to do."]);
  assertEquals(await phone.say("!todo add Water the plants"), ["1. Water the plants"]);
  assertEquals(await laptop.say("!ta Don't panic"), ["2. Don't panic"]);
  room.crash();
  await room.restart();
  assertEquals(await laptop.say("!td 1"), ["Done: Water the plants"]);
  assertEquals(await phone.say("!todo list"), ["1. ✓ Water the plants\n2. Don't panic"]);
  assertEquals(await laptop.say("!td 3"), ["There is no item 3. Choose a number from 1 to 2."]);
  assertEquals(await phone.say("!todo remove 0"), [
    "There is no item 0. Choose a number from 1 to 2.",
  ]);
  assertEquals(await laptop.say("!todo clear done"), ["1. Don't panic"]);
  room.crash();
  await room.restart();
  assertEquals(await laptop.say("!todo remove 1"), ["Removed: Don't panic"]);
  assertEquals(await phone.say("!td 1"), ["Nothing to do."]);
});

Deno.test("the to-do bot empties the list only after a confirmation", async () => {
  assertEquals(
    await answers(todo, "!ta tea", "!todo clear all", "no", "!todo clear all", "yes", "!todo"),
    [
      ["1. tea"],
      ["Empty the whole list? (yes|no) [n6a]"],
      ["Not emptied."],
      ["Empty the whole list? (yes|no) [n6a]"],
      ["The list is empty."],
      ["Nothing to do."],
    ],
  );
});

import { assertEquals } from "@std/assert";
import { MemoryStorage } from "@roomz/roomz/bot";
import todo from "../../examples/todo_bot.ts";
import { BotRoom } from "./bot_room.ts";

/** What the bot answers to each line. */
async function answers(storage: MemoryStorage, ...lines: string[]): Promise<readonly string[]> {
  await using room = await BotRoom.with(todo, { storage });
  for (const [index, line] of lines.entries()) {
    room.say(line, index % 2 === 0 ? "laptop" : "phone");
    await room.said(index + 1);
  }
  return room.replies;
}

Deno.test("the to-do bot keeps one list for the room, also over a restart", async () => {
  const storage = new MemoryStorage();
  assertEquals(await answers(storage, "!todo", "!todo add Water the plants", "!ta Don't panic"), [
    "Nothing to do.",
    "1. Water the plants",
    "2. Don't panic",
  ]);
  assertEquals(
    await answers(storage, "!td 1", "!todo list", "!td 3", "!todo remove 0", "!todo clear done"),
    [
      "Done: Water the plants",
      "1. ✓ Water the plants\n2. Don't panic",
      "There is no 3: 1 to 2.",
      "There is no 0: 1 to 2.",
      "1. Don't panic",
    ],
  );
  assertEquals(await answers(storage, "!todo remove 1", "!td 1"), [
    "Removed: Don't panic",
    "Nothing to do.",
  ]);
});

Deno.test("the to-do bot empties the list when it is told so twice", async () => {
  const storage = new MemoryStorage();
  await using room = await BotRoom.with(todo, { storage });
  const lines = ["!ta tea", "!todo clear all", "no", "!todo clear all", "yes", "!todo"];
  for (const [index, line] of lines.entries()) {
    room.say(line);
    await room.said(index + 1);
  }
  assertEquals(room.replies.slice(2), [
    "Kept.",
    "Empty the whole list?",
    "The list is empty.",
    "Nothing to do.",
  ]);
});

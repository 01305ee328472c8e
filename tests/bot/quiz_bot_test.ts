import { assertEquals, assertStringIncludes } from "@std/assert";
import { MemoryStorage } from "@roomz/roomz/bot";
import quiz from "../../examples/quiz_bot.ts";
import { BotRoom } from "./bot_room.ts";

/** The last line of what the bot says to each line. */
async function play(storage: MemoryStorage, ...lines: string[]): Promise<readonly string[]> {
  await using room = await BotRoom.with(quiz, { storage });
  for (const [index, line] of lines.entries()) {
    room.say(line);
    await room.said(index + 1);
  }
  return room.replies;
}

Deno.test("the quiz signs up, asks, counts, and goes on after a restart", async () => {
  const storage = new MemoryStorage();
  const before = await play(storage, "!quiz", "Ada", "200", "36", "yes", "d", "b");
  assertStringIncludes(before[0] ?? "", "What is your name?");
  assertEquals(before.slice(1, 3), ["How old are you, Ada?", "In years, please."]);
  assertStringIncludes(before[3] ?? "", "Ready?");
  assertStringIncludes(before[4] ?? "", "b) Mercury");
  assertEquals(before[5], "Answer a, b or c.");
  assertStringIncludes(before[6] ?? "", "a) 128");
  const after = await play(storage, "C", "c", "!quiz");
  assertStringIncludes(after[0] ?? "", "c) Ada Lovelace");
  assertEquals(after[1], "Ada, 2 of 3 are right. Not bad.");
  assertStringIncludes(after[2] ?? "", "What is your name?");
});

Deno.test("the quiz can be left, and declined", async () => {
  const [, long, cancelled, , , , declined] = await play(
    new MemoryStorage(),
    ...["!quiz", "x".repeat(41), "cancel", "!quiz", "Bob", "7", "no"],
  );
  assertEquals([long, cancelled, declined], [
    "In 40 characters at most, please.",
    "Cancelled.",
    "Another time, then.",
  ]);
});

Deno.test("the quiz praises by points", async () => {
  const start = ["!quiz", "Ada", "36", "yes"];
  const [perfect, none] = await Promise.all(
    [["b", "a", "c"], ["a", "b", "a"]].map((said) => play(new MemoryStorage(), ...start, ...said)),
  );
  assertEquals(perfect?.at(-1), "Ada, 3 of 3 are right. Perfect!");
  assertEquals(none?.at(-1), "Ada, 0 of 3 are right. Try again: !quiz");
});

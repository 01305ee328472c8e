import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals, assertStringIncludes } from "@std/assert";
import quiz from "../../examples/quiz_bot.ts";

Deno.test("the quiz signs up a player, counts points, and survives a restart", async () => {
  await using room = await testBot(quiz);
  const phone = room.device("phone");
  const say = async (line: string) => (await phone.say(line)).join("|");
  assertStringIncludes(await say("!quiz"), "What is your name?");
  assertEquals(await say("Ada"), "How old are you, Ada? (whole number) [n6a]");
  assertEquals(await say("200"), "Please enter your age in years.");
  assertStringIncludes(await say("36"), "Ready?");
  assertStringIncludes(await say("yes"), "b) Mercury");
  assertEquals(await say("d"), "Answer a, b or c.");
  assertStringIncludes(await say("b"), "a) 128");
  room.crash();
  await room.restart();
  assertStringIncludes(await say("C"), "c) Ada Lovelace");
  assertEquals(await say("c"), "Ada, you got 2 of 3 right. Not bad.");
  assertStringIncludes(await say("!quiz"), "What is your name?");
});

Deno.test("the quiz can be cancelled or declined", async () => {
  const lines = ["!quiz", "x".repeat(41), "cancel", "!quiz", "Bob", "7", "no"];
  const [, long, cancelled, , , , declined] = await answers(quiz, ...lines);
  assertEquals([long, cancelled, declined], [
    ["Please use at most 40 characters."],
    ["Cancelled."],
    ["Maybe another time."],
  ]);
});

Deno.test("the final message depends on the points", async () => {
  for (
    const [said, praise] of [
      [["b", "a", "c"], "Ada, you got 3 of 3 right. Perfect!"],
      [["a", "b", "a"], "Ada, you got 0 of 3 right. Try again: !quiz"],
    ] as const
  ) {
    const all = await answers(quiz, "!quiz", "Ada", "36", "yes", ...said);
    assertEquals(all.at(-1), [praise]);
  }
});

import { answers } from "@roomz/roomz/testing";
import { assert, assertEquals, assertMatch } from "@std/assert";
import helper from "../../examples/helper_bot.ts";

Deno.test("the helper bot replies to its commands", async () => {
  const [pong, roll = [], none, echo, stats = [], welcome] = await answers(
    helper,
    "!ping",
    "!roll 3",
    "!roll 0",
    '!echo it\'s "raw"',
    "!stats",
    "thank you",
  );
  assertEquals(pong, ["pong"]);
  assertMatch(roll.join("|"), /^You rolled [123]$/);
  assertEquals(none, ["A die has at least one side."]);
  assertEquals(echo, ['it\'s "raw"']);
  assertMatch(stats.join("|"), /^Called \d+ times\.$/);
  assertEquals(welcome, ["Any time."]);
  assert(helper.manifest.commands.some(({ name }) => name === "help"));
});

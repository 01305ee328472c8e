import { assert, assertEquals, assertMatch } from "@std/assert";
import helper from "../../examples/helper_bot.ts";
import { converse } from "./bot_room.ts";

Deno.test("the example answers its commands", async () => {
  const [pong, roll, none, echo, stats, welcome, ...rest] = await converse(
    helper,
    "!ping",
    "!roll 3",
    "!roll 0",
    '!echo it\'s "raw"',
    "!stats",
    "thank you",
  );
  assertEquals(pong, "pong");
  assertMatch(roll ?? "", /^You rolled [123]$/);
  assertEquals(none, "A die has at least one side.");
  assertEquals(echo, 'it\'s "raw"');
  assertMatch(stats ?? "", /^Asked \d+ times\.$/);
  assertEquals(welcome, "Any time.");
  assertEquals(rest, []);
  assert(helper.manifest.commands.some(({ name }) => name === "help"));
});

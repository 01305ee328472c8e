import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const untyped: unknown = 5;

// @ts-expect-error: simulates untyped code
const five: string = untyped;

Deno.test("a reply from untyped code that is not a string is an error that says so", async () => {
  const bot = defineBot({
    name: "b",
    commands: {
      "return": () => five,
      "yield": async function* () {
        yield await Promise.resolve(five);
      },
      "reply": ({ reply }) => reply(five),
    },
  });
  await using room = await testBot(bot);
  const phone = room.device("phone");
  for (const line of ["!return", "!yield", "!reply"]) {
    assertEquals(await phone.say(line), ["Sorry, that failed. The bot's log says why."]);
  }
  assertEquals(
    room.log.flatMap(({ cause }) => cause instanceof Error ? [cause.message] : []),
    [
      "A handler returned a value of type number. Return a string, an async iterable of strings, or nothing.",
      "A reply must be a string, not a value of type number.",
      "A reply must be a string, not a value of type number.",
    ],
  );
});

import { defineBot, isBot } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";

Deno.test("isBot recognizes bots of this version only", () => {
  const bot = defineBot({ name: "helper" });
  assertEquals(isBot(bot), true);
  for (const value of [undefined, null, "bot", { name: "helper", manifest: bot.manifest }]) {
    assertEquals(isBot(value), false);
  }
  // A bot of an incompatible copy of the package.
  assertEquals(isBot({ [Symbol.for("@roomz/roomz/bot")]: { version: 0 } }), false);
});

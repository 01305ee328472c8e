import { defineBot } from "@roomz/roomz/bot";
import { answers } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

Deno.test("help lists all commands, as does the bot's name alone", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "ping": "pong",
      "roll [sides:int=6]": { description: "Roll a die", run: ({ args }) => `1 of ${args.sides}` },
    },
  });
  const help = "!ping\n!roll [sides:int=6] – Roll a die\n" +
    "!help [command...] – List commands, or explain one";
  assertEquals(await answers(bot, "!help", "@helper", "@helper?"), [[help], [help], [help]]);
});

Deno.test("a help command in the definition replaces the generated one", async () => {
  const bot = defineBot({
    name: "helper",
    commands: { "help [topic]": ({ args }) => `Help yourself with ${args.topic ?? "it"}.` },
  });
  assertEquals(await answers(bot, "!help", "!help me", "@helper"), [
    ["Help yourself with it."],
    ["Help yourself with me."],
    ["Help yourself with it."],
  ]);
  assertEquals(bot.manifest.commands.map(({ name }) => name), ["help"]);
});

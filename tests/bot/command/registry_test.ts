import { BotDefinitionError, defineBot, defineGroup } from "@roomz/roomz/bot";
import { answers } from "@roomz/roomz/testing";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";

Deno.test("a prefix in a command's words is an error of the definition, which says so", () => {
  const messages = [
    () => defineBot({ name: "b", commands: { "!ping": "pong" } }),
    () => defineBot({ name: "b", commands: { "ping": { aliases: ["!p"], run: "pong" } } }),
    () => defineBot({ name: "b", prefix: ["!", "b:"], commands: { "b:ping": "pong" } }),
  ].map((define) => assertThrows(define, BotDefinitionError).message);
  assertEquals(messages, [
    `Do not include the prefix in a command's words: write "ping".\n  in commands["!ping"]\n  !ping\n  ^`,
    `Do not include the prefix in a command's words: write "p".\n  in commands["ping"].aliases[0]\n  !p\n  ^`,
    `A command's word must not contain brackets, quotes, |, = or :, or start with a dash (use aliases ` +
    `for other names of a command).\n  in commands["b:ping"]\n  b:ping\n  ^^^^^^`,
  ]);
});

Deno.test("what only looks like a prefix is a word", async () => {
  const bot = defineBot({
    name: "b",
    prefix: ["!", "hey"],
    commands: { "!": "bang", "hey you": "me?", "heyday": "today" },
  });
  assertEquals(await answers(bot, "!!", "!hey you", "hey hey you", "!heyday"), [
    ["bang"],
    ["me?"],
    ["me?"],
    ["today"],
  ]);
});

Deno.test("an argument with a name that every object has is an error of the definition", () => {
  const error = assertThrows(
    () => defineBot({ name: "b", commands: { "a [to-string]": "" } }),
    BotDefinitionError,
  );
  assertEquals(
    error.message,
    'Every object has a built-in property "toString". Choose another name.\n' +
      '  in commands["a [to-string]"]\n  a [to-string]\n    ^^^^^^^^^^^',
  );
});

Deno.test("the trace of an error of the definition begins where the bot is defined", () => {
  let groups = [defineGroup({ commands: { "a <n:int> [--x=y]": "" } })];
  for (let depth = 0; depth < 20; depth++) groups = [defineGroup({ groups })];
  const error = assertThrows(() => defineBot({ name: "b", groups }), BotDefinitionError);
  const [place] = error.stack?.split("\n").filter((line) => /^ +at /.test(line)) ?? [];
  assertStringIncludes(place ?? "", import.meta.url);
  assertEquals(error.stack?.startsWith(`BotDefinitionError: ${error.message}\n`), true);
});

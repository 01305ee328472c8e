import { BotDefinitionError, defineBot, defineGroup } from "@roomz/roomz/bot";
import { answers } from "@roomz/roomz/testing";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";

Deno.test("a prefix in a command's words is a definition error", () => {
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

Deno.test("a word that only looks like a prefix is allowed", async () => {
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

Deno.test("an argument named like a built-in property is a definition error", () => {
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

Deno.test("the stack trace of a definition error starts at the call of defineBot", () => {
  let groups = [defineGroup({ commands: { "a <n:int> [--x=y]": "" } })];
  for (let depth = 0; depth < 20; depth++) groups = [defineGroup({ groups })];
  const error = assertThrows(() => defineBot({ name: "b", groups }), BotDefinitionError);
  const [caller] = error.stack?.split("\n").filter((line) => /^ +at /.test(line)) ?? [];
  assertStringIncludes(caller ?? "", import.meta.url);
  assertEquals(error.stack?.startsWith(`BotDefinitionError: ${error.message}\n`), true);
});

import { defineBot } from "@roomz/roomz/bot";
import { answers } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const helper = defineBot({
  name: "helper",
  commands: {
    "ping": "pong",
    "roll [sides:int=6]": { description: "Roll a die", run: ({ args }) => `1 of ${args.sides}` },
    "todo add <text...> [--due:date]": {
      description: "Add a to-do",
      aliases: ["ta", "todo new"],
      run: ({ args }) => `added ${args.text}`,
    },
    "todo list": () => "nothing to do",
    "greet [--with:text=]": ({ args }) => `Hello${args.with}`,
    "todo clear [--all]": async ({ args }) => await Promise.resolve(`all: ${args.all}`),
  },
});

const replies: readonly [line: string, reply: string][] = [
  ["!help todo list", "!todo list"],
  [
    "!help todo",
    "!todo add <text...> [--due:date] – Add a to-do\n!todo list\n!todo clear [--all]",
  ],
  [
    "!help ta",
    "!todo add <text...> [--due:date]\nAdd a to-do\nAlso: !ta, !todo new\n" +
    "text: text, up to the end of the message\n" +
    "--due: a date such as 2026-11-22 or 2026-11-22T10:30 (UTC); optional",
  ],
  [
    "!help roll",
    "!roll [sides:int=6]\nRoll a die\nsides: a whole number such as 42; default: 6",
  ],
  ["!help todo clear", "!todo clear [--all]\n--all: optional"],
  [
    "!help greet",
    "!greet [--with:text=]\n--with: text (quote it if it contains spaces); default: empty",
  ],
  ["!help rol", 'There is no command "rol". Did you mean !roll?'],
  ["!help xyzzy", 'There is no command "xyzzy".'],
];
for (const [line, reply] of replies) {
  Deno.test(`the reply to "${line}"`, async () => {
    assertEquals(await answers(helper, line), [[reply]]);
  });
}

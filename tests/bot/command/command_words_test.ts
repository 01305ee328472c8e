/**
 * Which messages call which command, and the replies to all others.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const helper = defineBot({
  name: "helper",
  prefix: ["!", "hey"],
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
  hears: [
    [/thanks/i, "any time"],
    [/\bfix #(\d+)/g, ({ match }) => `issue ${match[1]}`],
  ],
});

const replies: readonly [line: string, reply: string][] = [
  ["!ping", "pong"],
  ["!PING", "pong"],
  ["hey ping", "pong"],
  ["@Helper, ping", "pong"],
  ["!roll", "1 of 6"],
  ["!roll 20", "1 of 20"],
  ["!todo add don't panic", "added don't panic"],
  ["!ta milk", "added milk"],
  ["!todo new milk", "added milk"],
  ["!todo list", "nothing to do"],
  ["!todo clear --all", "all: true"],
  ["oh, Thanks!", "any time"],
  ["!thanks", "any time"],
  ["fix #12 and #13", "issue 12"],
  [
    "!roll six",
    '[sides] must be a whole number such as 42, not "six".\nUsage: !roll [sides:int=6]',
  ],
  ["!ping pong", 'Unexpected argument "pong".\nUsage: !ping'],
  ["!pnig", 'There is no command "pnig". Did you mean !ping? !help lists the commands.'],
  ["!xyzzy", 'There is no command "xyzzy". !help lists the commands.'],
  ["!tood add x", 'There is no command "tood". Did you mean !todo? !help lists the commands.'],
  [
    "!todo lsit",
    'There is no command "todo lsit". Did you mean !todo list? After "todo" comes add or new or list or clear.',
  ],
  ["!todo", 'There is no command "todo". After "todo" comes add or new or list or clear.'],
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
  ["!greet", "Hello"],
  ["!help rol", 'There is no command "rol". Did you mean !roll?'],
  ["!help xyzzy", 'There is no command "xyzzy".'],
];
for (const [line, reply] of replies) {
  Deno.test(`the reply to "${line}"`, async () => {
    assertEquals(await answers(helper, line), [[reply]]);
  });
}

Deno.test("help lists all commands, as does the bot's name alone", async () => {
  const help = "!ping\n!roll [sides:int=6] – Roll a die\n" +
    "!todo add <text...> [--due:date] – Add a to-do\n!todo list\n!greet [--with:text=]\n" +
    "!todo clear [--all]\n!help [command...] – List commands, or explain one";
  assertEquals(await answers(helper, "!help", "@helper", "@helper?"), [[help], [help], [help]]);
});

Deno.test("messages that do not address the bot get no reply", async () => {
  const lines = ["ping", "!!!", "! ping", "@helpers ping", "hey", "heyping", "!"];
  assertEquals(await answers(helper, ...lines, "!ping"), [...lines.map(() => []), ["pong"]]);
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

Deno.test("without a prefix, replies show the bot's name before commands", async () => {
  const bot = defineBot({ name: "My Bot", prefix: [], commands: { "ping": "pong" } });
  assertEquals(await answers(bot, "@my bot ping", "@my bot pnig"), [
    ["pong"],
    ['There is no command "pnig". Did you mean @My Bot ping? @My Bot help lists the commands.'],
  ]);
});

Deno.test("in replies, a prefix that is a word is followed by a space", async () => {
  const bot = defineBot({ name: "helper", prefix: "hey", commands: { "roll <n:int>": "6" } });
  assertEquals(await answers(bot, "hey roll", "hey rol"), [
    ["Missing argument <n>: a whole number such as 42.\nUsage: hey roll <n:int>"],
    ['There is no command "rol". Did you mean hey roll? hey help lists the commands.'],
  ]);
});

Deno.test("the context has the message, the user, the device and the command", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "who am i": ({ message, user, device, command, client }) =>
        [message.content, user.email, device, command, client.displayName].join(),
    },
  });
  await using room = await testBot(bot);
  assertEquals(await room.device("phone").say("!who am i"), [
    "!who am i,me@example.com,phone,who am i,helper",
  ]);
  assertEquals(await room.device(null).say("!who am i"), [
    "!who am i,me@example.com,,who am i,helper",
  ]);
});

Deno.test("room events run the handlers of the bot and its groups in order", async () => {
  const bot = defineBot({
    name: "helper",
    on: {
      user_joined: ({ event }) => `${event.total_connections} here`,
      user_left: () => {
        throw new Error("boom");
      },
      display_name_changed: async ({ event, device, reply }) => {
        await reply(`${event.display_name} is ${device}`);
      },
    },
    groups: [{ on: { user_joined: "Welcome" } }],
    commands: { "ping": "pong" },
    catch: (error, { message }) => `${error} (${message})`,
  });
  await using room = await testBot(bot);
  const device = room.device(null);
  await room.settled();
  await device.rename("phone");
  await device.leave();
  assertEquals(room.answers, [
    "2 here",
    "Welcome",
    "phone is phone",
    "Error: boom (undefined)",
  ]);
});

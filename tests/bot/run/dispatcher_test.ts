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
    'There is no command "todo lsit". Did you mean !todo list? "todo" must be followed by add or new or list or clear.',
  ],
  ["!todo", 'There is no command "todo". "todo" must be followed by add or new or list or clear.'],
  ["!greet", "Hello"],
];
for (const [line, reply] of replies) {
  Deno.test(`the reply to "${line}"`, async () => {
    assertEquals(await answers(helper, line), [[reply]]);
  });
}

Deno.test("messages that do not address the bot get no reply", async () => {
  const lines = ["ping", "!!!", "! ping", "@helpers ping", "hey", "heyping", "!"];
  assertEquals(await answers(helper, ...lines, "!ping"), [...lines.map(() => []), ["pong"]]);
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

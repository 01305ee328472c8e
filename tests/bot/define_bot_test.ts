import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  type Bot,
  BotDefinitionError,
  ConnectionError,
  defineBot,
  defineGroup,
  isBot,
  type Middleware,
  ReplyError,
  type SendResult,
} from "@roomz/roomz/bot";
import { BotRoom, converse } from "./bot_room.ts";

/** What the bot answers to one line. */
async function answer(bot: Bot, line: string): Promise<string> {
  const [text = ""] = await converse(bot, line);
  return text;
}

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
    "todo clear [--all]": async ({ args }) => await Promise.resolve(`all: ${args.all}`),
  },
  hears: [
    [/thanks/i, "any time"],
    [/\bfix #(\d+)/g, ({ match }) => `issue ${match[1]}`],
  ],
});

const answers: readonly [line: string, reply: string][] = [
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
  ["!roll six", '"six" is not a whole number, such as 42 (sides).\nUsage: !roll [sides:int=6]'],
  ["!ping pong", '"pong" is one word too many.\nUsage: !ping'],
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
    "--due: a date, such as 2026-11-22 or 2026-11-22T10:30 (UTC); may be left out",
  ],
  [
    "!help roll",
    "!roll [sides:int=6]\nRoll a die\nsides: a whole number, such as 42; 6 unless given",
  ],
  ["!help todo clear", "!todo clear [--all]\n--all: may be given"],
  ["!help rol", 'There is no command "rol". Did you mean !roll?'],
  ["!help xyzzy", 'There is no command "xyzzy".'],
];
for (const [line, reply] of answers) {
  Deno.test(`a bot answers "${line}"`, async () => assertEquals(await answer(helper, line), reply));
}

Deno.test("help lists every command, and so does calling the bot by its name alone", async () => {
  const help = "!ping\n!roll [sides:int=6] – Roll a die\n" +
    "!todo add <text...> [--due:date] – Add a to-do\n!todo list\n!todo clear [--all]\n" +
    "!help [command...] – What I understand";
  assertEquals(await converse(helper, "!help", "@helper", "@helper?"), [help, help, help]);
});

Deno.test("messages that are not for the bot are not answered", async () => {
  const lines = ["ping", "!!!", "! ping", "@helpers ping", "hey", "heyping", "!"];
  await using room = await BotRoom.with(helper);
  for (const line of lines) room.say(line);
  room.say("!ping");
  assertEquals(await room.said(1), ["pong"]);
});

Deno.test("a bot's own help takes the place of the generated one", async () => {
  const bot = defineBot({
    name: "helper",
    commands: { "help [topic]": ({ args }) => `Help yourself with ${args.topic ?? "it"}.` },
  });
  assertEquals(await converse(bot, "!help", "!help me", "@helper"), [
    "Help yourself with it.",
    "Help yourself with me.",
    "Help yourself with it.",
  ]);
  assertEquals(bot.manifest.commands.map(({ name }) => name), ["help"]);
});

Deno.test("without a prefix a bot is called by its name, and says so", async () => {
  const bot = defineBot({ name: "My Bot", prefix: [], commands: { "ping": "pong" } });
  assertEquals(await converse(bot, "@my bot ping", "@my bot pnig"), [
    "pong",
    'There is no command "pnig". Did you mean @My Bot ping? @My Bot help lists the commands.',
  ]);
});

Deno.test("answers write a prefix that is a word as one calls it", async () => {
  const bot = defineBot({ name: "helper", prefix: "hey", commands: { "roll <n:int>": "6" } });
  assertEquals(await converse(bot, "hey roll", "hey rol"), [
    '"n" is missing: a whole number, such as 42.\nUsage: hey roll <n:int>',
    'There is no command "rol". Did you mean hey roll? hey help lists the commands.',
  ]);
});

Deno.test("a generator's texts are sent as they come, and long ones in parts", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "count": async function* () {
        yield "one";
        yield await Promise.resolve("two");
      },
      "long": () => `${"a".repeat(900)}\n${"b".repeat(900)}`,
      "quiet": () => {},
      "empty": "",
      "end": "end",
    },
  });
  await using room = await BotRoom.with(bot);
  for (const line of ["!count", "!long", "!quiet", "!empty", "!end"]) room.say(line);
  assertEquals(await room.said(5), ["one", "two", "a".repeat(900), "b".repeat(900), "end"]);
});

Deno.test("a message that may be cut runs no command, and says so", async () => {
  let runs = 0;
  const bot = defineBot({
    name: "helper",
    commands: { "run <text...>": () => void runs++, "ping": "pong" },
    hears: [[/heard/, "heard"]],
  });
  await using room = await BotRoom.with(bot);
  room.say("!run a long text", "laptop", { maybeTruncated: true });
  room.say("!unknown and long", "laptop", { maybeTruncated: true });
  room.say("just long", "laptop", { maybeTruncated: true });
  room.say("heard and long", "laptop", { maybeTruncated: true });
  room.say("!ping");
  const [first, second, ...others] = await room.said(4);
  assertMatch(first ?? "", /its end may be missing: nothing was done/);
  assertEquals(second, first);
  assertEquals(others, ["heard", "pong"]);
  assertEquals(runs, 0);
});

Deno.test("a handler sees the message, who sent it, and from which device", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "who am i": ({ message, user, device, command, client }) =>
        [message.content, user.email, device, command, client.displayName].join(),
    },
  });
  await using room = await BotRoom.with(bot);
  room.say("!who am i", "phone");
  room.say("!who am i", null);
  assertEquals(await room.said(2), [
    "!who am i,me@example.com,phone,who am i,helper",
    "!who am i,me@example.com,,who am i,helper",
  ]);
});

Deno.test("middleware runs around commands, hears and answers, from the bot inwards", async () => {
  const trace: string[] = [];
  const traced = (name: string): Middleware => async (ctx, next) => {
    trace.push(`${name}(${ctx.command ?? ""}`);
    const passed = await next();
    trace.push(`)${name}`);
    return passed;
  };
  const bot = defineBot({
    name: "helper",
    use: [traced("bot")],
    commands: { "ping": { use: [traced("command")], run: "pong" } },
    hears: [[/hi/, "hello"]],
    groups: [{
      use: [traced("group")],
      commands: { "stop <n:int>": "stopped" },
      hears: [[/bye/, "goodbye"]],
      groups: [{ use: [traced("inner")], commands: { "deep": "deep" } }],
    }],
  });
  await using room = await BotRoom.with(bot);
  const lines: [line: string, trace: string][] = [
    ["!ping", "bot(ping command(ping )command )bot"],
    ["hi", "bot( )bot"],
    ["!nothing", "bot( )bot"],
    ["!stop now", "bot(stop group(stop )group )bot"],
    ["bye", "bot( group( )group )bot"],
    ["!deep", "bot(deep group(deep inner(deep )inner )group )bot"],
    ["chat", ""],
  ];
  for (const [index, [line, expected]] of lines.entries()) {
    trace.length = 0;
    room.say(line);
    if (expected !== "") await room.said(index + 1);
    while (trace.length > 0 && trace.at(-1) !== ")bot") await Promise.resolve();
    assertEquals(trace.join(" "), expected, line);
  }
});

Deno.test("middleware that does not call next stops the message", async () => {
  const laptopOnly: Middleware = async (ctx, next) => {
    if (ctx.device === "laptop") return await next();
    if (ctx.device === "phone") await ctx.reply("From the laptop only.");
  };
  const bot = defineBot({
    name: "helper",
    use: [laptopOnly],
    commands: { "ping": "pong", "n <n:int>": "n" },
  });
  await using room = await BotRoom.with(bot);
  for (const line of ["!ping", "!n x", "!unknown"]) room.say(line, "tablet");
  room.say("!ping", "phone");
  room.say("!ping", "laptop");
  assertEquals(await room.said(2), ["From the laptop only.", "pong"]);
});

Deno.test("a command's own middleware sees its arguments, and only right ones", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "deploy <service> [--tries:int=1]": {
        use: [async (ctx, next) => {
          if (ctx.args.service !== "db") return await next();
          await ctx.reply(`Not the ${ctx.args.service}, ${ctx.args.tries} times!`);
        }],
        run: ({ args }) => `deployed ${args.service}`,
      },
    },
  });
  assertEquals(await converse(bot, "!deploy db", "!deploy api", "!deploy"), [
    "Not the db, 1 times!",
    "deployed api",
    '"service" is missing: text, in quotes if it has spaces.\n' +
    "Usage: !deploy <service> [--tries:int=1]",
  ]);
});

Deno.test("a handler that fails goes to the nearest catch, and from there outwards", async () => {
  const boom = () => {
    throw new Error("boom");
  };
  const bot = defineBot({
    name: "helper",
    commands: {
      "fail": boom,
      "late": async () => await Promise.reject(new Error("late")),
      "stream": async function* () {
        yield await Promise.resolve("begun");
        throw new Error("broken off");
      },
    },
    groups: [
      defineGroup({ commands: { "inner": boom }, catch: (error) => `group: ${error}` }),
      defineGroup({
        commands: { "outer": boom },
        catch: (error) => {
          throw new Error("worse", { cause: error });
        },
      }),
    ],
    catch: (error, { command, message }) => `bot: ${error} in ${command}, ${message?.content}`,
  });
  assertEquals(
    await converse(bot, "!fail", "!late", "!inner", "!outer"),
    [
      "bot: Error: boom in fail, !fail",
      "bot: Error: late in late, !late",
      "group: Error: boom",
      "bot: Error: worse in outer, !outer",
    ],
  );
  await using room = await BotRoom.with(bot);
  room.say("!stream");
  assertEquals(await room.said(2), ["begun", "bot: Error: broken off in stream, !stream"]);
  assertEquals(room.log.errors.map(String), ["Error: broken off"]);
});

Deno.test("without catch a failure is logged and answered, and the bot goes on", async () => {
  const bot = defineBot({
    name: "helper",
    use: [async (ctx, next) => {
      if (ctx.message.content === "!ping twice") throw new Error("in middleware");
      return await next();
    }],
    commands: {
      "ping [times]": "pong",
      "fail": () => {
        throw new Error("boom");
      },
      // What comes from untyped code may be anything.
      "number": () => JSON.parse("1"),
    },
  });
  await using room = await BotRoom.with(bot);
  for (const line of ["!fail", "!ping twice", "!number", "!ping"]) room.say(line);
  const sorry = "Sorry, that failed. The bot's log says why.";
  assertEquals(await room.said(4), [sorry, sorry, sorry, "pong"]);
  assertEquals(room.log.errors.map(String), [
    "Error: boom",
    "Error: in middleware",
    "TypeError: A handler returned a value of type number: return a string, or nothing.",
  ]);
  assertStringIncludes(room.log.lines.join("\n"), 'error helper: !fail from "laptop": failed');
});

const undelivered: readonly [
  what: string,
  send: () => Promise<SendResult>,
  kind: typeof ReplyError | typeof ConnectionError,
][] = [
  [
    "a reply that is not acknowledged",
    () => Promise.resolve({ error: "No acknowledgement.", code: 408, delivery: "unknown" }),
    ReplyError,
  ],
  [
    "a reply without a connection",
    () => Promise.reject(new ConnectionError("Not connected.")),
    ConnectionError,
  ],
];
for (const [what, send, kind] of undelivered) {
  Deno.test(`${what} is thrown by ctx.reply, goes to catch, and harms nothing else`, async () => {
    const thrown: unknown[] = [];
    const bot = defineBot({
      name: "helper",
      commands: {
        "try": async ({ reply }) => {
          await reply("hello").catch((error: unknown) => thrown.push(error));
          await reply("hello");
        },
        "ping": "pong",
      },
      catch: () => "this cannot be said either",
    });
    await using room = await BotRoom.with(bot);
    room.client.sendInstead = send;
    room.say("!try");
    await room.log.wrote("and so did the answer that says it");
    room.client.sendInstead = undefined;
    room.say("!ping");
    assertEquals(await room.said(1), ["pong"]);
    assert(thrown[0] instanceof kind);
    assertEquals(room.log.errors.length, 3, "the handler's error, the catch's, and the answer's");
  });
}

Deno.test("a reply that is not acknowledged says what the client reported", async () => {
  const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
  await using room = await BotRoom.with(bot);
  room.client.sendInstead = () =>
    Promise.resolve({ error: "No acknowledgement.", code: 408, delivery: "unknown" });
  room.say("!ping");
  await room.log.wrote("and so did the answer that says it");
  const [error] = room.log.errors;
  assertInstanceOf(error, ReplyError);
  assertEquals(error.result.delivery, "unknown");
  assertEquals(error.message, "The reply was not acknowledged (408): No acknowledgement.");
});

Deno.test("events in the room are reacted to, by the bot and its groups in order", async () => {
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: "phone" };
  const base = { user, timestamp: "2026-11-22T00:00:00Z", raw: {} };
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
  await using room = await BotRoom.with(bot);
  room.client.emit("user_joined", { ...base, total_connections: 3 });
  room.client.emit("user_left", { ...base, remaining_connections: 2 });
  room.client.emit("display_name_changed", { ...base, display_name: "phone" });
  assertEquals(await room.said(4), [
    "3 here",
    "Welcome",
    "Error: boom (undefined)",
    "phone is phone",
  ]);
});

const collisions: readonly [first: string, second: string, carets: string][] = [
  ["roll <n:int>", "roll [sides]", "^^^^"],
  ["todo add", "  todo  ADD <x>", "  ^^^^^^^^^"],
];
for (const [first, second, carets] of collisions) {
  Deno.test(`the signatures "${first}" and "${second}" collide`, () => {
    const error = assertThrows(
      () =>
        defineBot({
          name: "x",
          commands: { [first]: "1" },
          groups: [{ commands: { [second]: "2" } }],
        }),
      BotDefinitionError,
      `call another command already, in commands["${first}"].`,
    );
    assertInstanceOf(error, BotDefinitionError);
    assertEquals(error.path, `groups[0].commands["${second}"]`);
    assertEquals(error.message.split("\n").at(-1), `  ${carets}`);
  });
}

Deno.test("an alias that shadows a command is refused, and shown", () => {
  const error = assertThrows(
    () =>
      defineBot({
        name: "x",
        commands: { "ping": "pong", "roll": { aliases: ["r", "Ping"], run: "6" } },
      }),
    BotDefinitionError,
    'The words "Ping" call another command already, in commands["ping"].\n' +
      '  in commands["roll"].aliases[1]\n  Ping\n  ^^^^',
  );
  assertInstanceOf(error, BotDefinitionError);
});

Deno.test("two aliases collide like two commands, and a bad one is refused", () => {
  const define = (...aliases: string[]) => () =>
    defineBot({ name: "x", commands: { "roll": { aliases, run: "6" } } });
  assertThrows(define("r", "R"), BotDefinitionError, 'commands["roll"].aliases[0]');
  assertThrows(define("r <n>"), BotDefinitionError, "An alias is words only");
  assertThrows(define(""), BotDefinitionError, 'in commands["roll"].aliases[0]');
});

Deno.test("a name or a prefix that cannot work is refused", () => {
  for (const name of ["", " x", "x\n", "a\0b", "x".repeat(51)]) {
    assertThrows(() => defineBot({ name }), BotDefinitionError, "in name");
  }
  for (const prefix of ["", " ", "! ", ["!", ""]]) {
    assertThrows(() => defineBot({ name: "x", prefix }), BotDefinitionError, "in prefix");
  }
  assertEquals(defineBot({ name: "👍".repeat(50) }).manifest.prefixes, ["!"]);
});

Deno.test("the manifest says all of a bot, and JSON holds all of it", () => {
  assertEquals(helper.manifest.name, "helper");
  assertEquals(helper.manifest.prefixes, ["!", "hey"]);
  assertEquals(helper.manifest.commands.slice(1, 3), [
    {
      name: "roll",
      signature: "roll [sides:int=6]",
      description: "Roll a die",
      aliases: [],
      concurrent: false,
      arguments: [
        { name: "sides", key: "sides", type: "int", extent: "one", required: false, default: "6" },
      ],
      flags: [],
    },
    {
      name: "todo add",
      signature: "todo add <text...> [--due:date]",
      description: "Add a to-do",
      aliases: ["ta", "todo new"],
      concurrent: false,
      arguments: [{ name: "text", key: "text", type: "text", extent: "rest", required: true }],
      flags: [{ name: "due", key: "due", type: "date" }],
    },
  ]);
  const choices = defineBot({ name: "x", commands: { "x <a:b|c> [--d]": "x" } });
  const [command] = choices.manifest.commands;
  assertEquals(command?.arguments[0]?.choices, ["b", "c"]);
  assertEquals(command?.flags, [{ name: "d", key: "d" }]);
  assertEquals(JSON.parse(JSON.stringify(helper.manifest)), helper.manifest);
});

Deno.test("isBot knows a bot from anything else", () => {
  assertEquals(isBot(helper), true);
  for (const value of [undefined, null, "bot", { name: "helper", manifest: helper.manifest }]) {
    assertEquals(isBot(value), false);
  }
  // Of a copy of the package whose bots this one cannot run.
  assertEquals(isBot({ [Symbol.for("@roomz/roomz/bot")]: { version: 0 } }), false);
});

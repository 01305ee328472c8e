/**
 * Which messages answer a question of `ask`, of a confirmation or of a flow, and which are meant for
 * someone else.
 * @module
 */
import { type Bot, BotDefinitionError, defineBot, flow } from "@roomz/roomz/bot";
import { testBot, type TestRoom } from "@roomz/roomz/testing";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";

const bot = defineBot({
  name: "helper",
  prefix: ["!", "hey"],
  flows: {
    signup: flow({
      version: 1,
      state: () => ({ name: "" }),
      steps: { "name": { ask: "Name?", next: ({ state, answer }) => void (state.name = answer) } },
      done: ({ state }) => `Welcome, ${state.name}.`,
    }),
  },
  commands: {
    "ask": async ({ ask }) => `Welcome, ${await ask("Name?")}.`,
    "signup": ({ startFlow }) => startFlow("signup"),
    "format": { confirm: "Really?", run: "formatted" },
    "ping": "pong",
  },
  hears: [[/^!?thanks/, "any time"]],
});

/** Runs a test with an open question of each kind; `answered` is what the bot says to "yes". */
async function withQuestions(
  test: (room: TestRoom, answered: string) => Promise<void>,
  asking: Bot = bot,
): Promise<void> {
  for (
    const [call, answered] of [
      ["!ask", "Welcome, yes."],
      ["!signup", "Welcome, yes."],
      ["!format", "formatted"],
    ] as const
  ) {
    await using room = await testBot(asking);
    const phone = room.device("phone");
    assertEquals((await phone.say(call)).length, 1);
    await test(room, answered);
    assertEquals(await phone.say("yes"), [answered], room.transcript);
  }
}

// The room has other connections, so an unknown command is left to them for a moment.
const slips: readonly (readonly [line: string, reply: string])[] = [
  ["!singup", 'I have no command "singup". Did you mean !signup? !help lists the commands.'],
  ["!add milk", 'I have no command "add". !help lists the commands.'],
  ["！add milk", 'I have no command "add". !help lists the commands.'],
  ["\u2060!add", 'I have no command "add". !help lists the commands.'],
  ["!7", 'I have no command "7". !help lists the commands.'],
  ["hey pnig", 'I have no command "pnig". Did you mean !ping? !help lists the commands.'],
  ["HEY you", 'I have no command "you". !help lists the commands.'],
  [
    `!add ${"x".repeat(1_000)}`,
    "Your message hit the 1,000-character limit and may have been cut off, so it was ignored. Send it again " +
    "in shorter parts.",
  ],
];
for (const [line, reply] of slips) {
  Deno.test(`a message with the bot's prefix is not an answer: ${line.slice(0, 20)}`, async () => {
    await withQuestions(async (room) => {
      room.device("laptop");
      assertEquals(await room.device("phone").say(line), [], room.transcript);
      assertEquals(await room.advance(2_000), [reply], room.transcript);
    });
  });
}

const addressed: readonly (readonly [line: string, reply: string])[] = [
  ["!ping", "pong"],
  ["!thanks", "any time"],
  ["@helper", "!signup"],
  ["@helper: pnig", "Did you mean !ping?"],
  ["@Helper what", 'There is no command "what".'],
];
for (const [line, reply] of addressed) {
  Deno.test(`a message that addresses the bot gets its own reply: ${line}`, async () => {
    await withQuestions(async (room) => {
      const [answer = "", ...more] = await room.device("phone").say(line);
      assertEquals([answer.includes(reply), more], [true, []], answer);
    });
  });
}

const mentions = [
  "@other yes",
  "@other",
  "@OTHER: add milk",
  "＠other, yes",
  "@\u2060other yes",
  "@kitchen pi turn it off",
  "@café! yes",
  "@cafe\u0301 yes",
  "@renamed yes",
  "@old name yes",
  "@gone yes",
  "@phone yes",
];
for (const line of mentions) {
  Deno.test(`a message that mentions another connection is not an answer: ${line}`, async () => {
    await withQuestions(async (room) => {
      for (const name of ["other", "kitchen pi", "café"]) await room.device(name).rename(name);
      const renamed = room.device("old name");
      await renamed.say("hello");
      await renamed.rename("renamed");
      await room.device("gone").say("bye");
      await room.device("gone").leave();
      assertEquals(await room.device("phone").say(line), [], room.transcript);
      assertEquals(await room.advance(5_000), []);
    });
  });
}

Deno.test("a mention that a pattern matches goes to the pattern, not to the question", async () => {
  const both = defineBot({
    name: "helper",
    hears: [[/tea/, "Tea?"]],
    commands: { "ask": async ({ ask }) => `Welcome, ${await ask("Name?")}.` },
  });
  await using room = await testBot(both);
  const phone = room.device("phone");
  await room.device("other").say("hello");
  assertEquals(await phone.say("!ask"), ["Name? (text) [n6a]"]);
  assertEquals(await phone.say("@other make tea"), ["Tea?"]);
  assertEquals(await phone.say("tea"), ["Welcome, tea."]);
});

const answersThatLookAlike = [
  "!!!",
  "! what a day",
  "!",
  "heyday",
  "@nobody",
  "@ada@example.com",
  "@others",
  "@other's friend",
  "me@other",
  "other",
  "helper",
];
for (const line of answersThatLookAlike) {
  Deno.test(`an answer may look like a call: ${line}`, async () => {
    for (const call of ["!ask", "!signup"]) {
      await using room = await testBot(bot);
      await room.device("other").say("hello");
      const phone = room.device("phone");
      assertEquals(await phone.say(call), ["Name? (text) [n6a]"]);
      assertEquals(await phone.say(line), [`Welcome, ${line}.`], room.transcript);
    }
  });
}

/** A bot that asks a question of each type, and hears what is no answer. */
const picky = defineBot({
  name: "picky",
  commands: {
    "int": async ({ ask }) => `${await ask("?", { type: "int", retry: "A number!" })}`,
    "choice": async ({ ask }) => await ask("?", { type: "dev|prod" }),
    "bool": async ({ ask }) => `${await ask("?", { type: "bool" })}`,
    "date": async ({ ask }) => (await ask("?", { type: "date" })).toISOString(),
    "url": async ({ ask }) => `${await ask("?", { type: "url" })}`,
    "duration": async ({ ask }) => `${await ask("?", { type: "duration" })}`,
    "wipe": { confirm: "Wipe?", run: "Wiped." },
    "text": async ({ ask }) => await ask("?"),
  },
  hears: [[/^build/, "heard"]],
});

const fits:
  readonly (readonly [call: string, others: readonly string[], line: string, end: string])[] = [
    ["int", ["42 tests passed", "deployed", "4.2"], "42", "42"],
    ["choice", ["production", "deployed", "prd"], "PROD", "prod"],
    ["bool", ["yes sir", "ok", "deployed"], "Yes.", "true"],
    ["date", ["2026-13-01", "tomorrow", "deployed"], "2026-02-03", "2026-02-03T00:00:00.000Z"],
    ["url", ["see example.com", "deployed"], "https://example.com/", "https://example.com/"],
    ["duration", ["a while", "deployed in 5m"], "5m", "300000"],
    ["wipe", ["deployed", "ok", "yes, all of it"], "y", "Wiped."],
    ["int", ["x".repeat(1_000)], "cancel", "Cancelled."],
  ];
for (const [call, others, line, end] of fits) {
  Deno.test(`a device without a name gives only answers that fit: ${call}, ${line}`, async () => {
    await using room = await testBot(picky);
    const unnamed = room.device(null);
    assertEquals((await unnamed.say(`!${call}`)).length, 1);
    for (const other of others) assertEquals(await unnamed.say(other), [], room.transcript);
    assertEquals(await unnamed.say("build 7 is green"), ["heard"]);
    assertEquals(await unnamed.say(line), [end], room.transcript);
  });
}

Deno.test("the log says once per run that a device without a name was asked", async () => {
  await using room = await testBot(picky);
  const warnings = () => room.log.filter(({ level }) => level === "warn").map(({ text }) => text);
  await room.device("phone").say("!text");
  assertEquals(warnings(), []);
  const unnamed = room.device(null);
  await unnamed.say("!text");
  await unnamed.say("!int");
  assertEquals(warnings(), [
    "picky: !text from a device without a name: asked a device without a display name: any connection " +
    "without a name may answer. Give the device a name, or say who must answer with the option `from`.",
  ]);
  assertEquals(await unnamed.say("n6b seven"), ["seven"]);
  await room.stop();
  await room.restart();
  await unnamed.say("!int");
  assertEquals(warnings().length, 2);
});

const restricted = defineBot({
  name: "deployer",
  commands: {
    "ask <from>": async ({ args, ask }) =>
      `Got ${await ask("?", { type: "int", from: args.from })}`,
    "two": async ({ ask, reply }) => {
      const own = ask("mine?").then((answer) => reply(`mine ${answer}`));
      await ask("phone?", { from: "phone" }).then((answer) => reply(`phone ${answer}`));
      await own;
    },
    "wipe": { confirm: { question: "Wipe?", from: "phone" }, run: "Wiped." },
    "drop <what>": {
      confirm: { question: ({ args }) => `Drop ${args.what}?`, from: "Kitchen Pi" },
      run: ({ args, device }) => `${device} dropped ${args.what}`,
    },
    "ping": "pong",
  },
});

const froms: readonly (readonly [from: string, device: string])[] = [
  ["phone", "phone"],
  ["phone", "Phone"],
  ['"Kitchen Pi"', "kitchen pi"],
  ["café", "cafe\u0301"],
  ["ｐｈｏｎｅ", "phone"],
  ["straße", "STRAße"],
  ["laptop", "laptop"],
];
for (const [from, device] of froms) {
  Deno.test(`a question from: ${from} is answered by ${device} alone`, async () => {
    await using room = await testBot(restricted);
    assertEquals(await room.device("ci").say(`!ask ${from}`), ["? (whole number) [n6a]"]);
    for (const other of ["ci", null, "tablet", `${device} 2`]) {
      assertEquals(await room.device(other).say("1"), [], `${other}`);
    }
    assertEquals(await room.device(device).say("one"), [
      'Your answer must be a whole number such as 42, not "one".',
    ]);
    assertEquals(await room.device("ci").say("!ping"), ["pong"]);
    assertEquals(await room.device(device).say("2"), ["Got 2"]);
    assertEquals(room.log.filter(({ level }) => level === "warn"), []);
  });
}

Deno.test("a device without a name can have others answer, and is not warned about", async () => {
  await using room = await testBot(restricted);
  assertEquals(await room.device(null).say("!wipe"), ["Wipe? (yes|no) [n6a]"]);
  assertEquals(await room.device(null).say("yes"), []);
  assertEquals(await room.device("phone").say("yes"), ["Wiped."]);
  assertEquals(room.log.filter(({ level }) => level === "warn"), []);
});

Deno.test("a confirmation from another device makes its question from the context", async () => {
  await using room = await testBot(restricted);
  assertEquals(await room.device("ci").say("!drop db"), ["Drop db? (yes|no) [n6a]"]);
  assertEquals(await room.device("KITCHEN PI").say("no"), ["OK, nothing was done."]);
  assertEquals(await room.device("ci").say("!drop db"), ["Drop db? (yes|no) [n6a]"]);
  assertEquals(await room.device("KITCHEN PI").say("yes"), ["ci dropped db"]);
  assertEquals(await room.device("ci").say("!drop db"), ["Drop db? (yes|no) [n6a]"]);
  assertEquals(await room.advance(60_000), ["No answer in time: cancelled."]);
});

Deno.test("two questions to two devices take the answers of their own", async () => {
  await using room = await testBot(restricted);
  assertEquals(await room.device("ci").say("!two"), ["mine? (text) [n6a]", "phone? (text) [n6b]"]);
  assertEquals(await room.device("ci").say("hello"), ["mine hello"]);
  assertEquals(await room.device("phone").say("hi"), ["phone hi"]);
});

Deno.test("an empty from is an error, at once for a confirmation", async () => {
  await using room = await testBot(restricted);
  assertEquals(await room.device("ci").say('!ask " "'), [
    "Sorry, that failed. The bot's log says why.",
  ]);
  assertStringIncludes(
    String(room.log.find(({ level }) => level === "error")?.cause),
    "Name the device that may answer.\n  in ask(…).from",
  );
  const confirm = { question: "Wipe?", from: "" };
  assertThrows(
    () => defineBot({ name: "x", commands: { "wipe": { confirm, run: "Wiped." } } }),
    BotDefinitionError,
    'Name the device that may answer.\n  in commands["wipe"].confirm.from',
  );
});

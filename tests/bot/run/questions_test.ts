/**
 * Which messages answer a question of `ask`, of a confirmation or of a flow, and which are meant for
 * someone else.
 * @module
 */
import { type Bot, defineBot, flow } from "@roomz/roomz/bot";
import { testBot, type TestRoom } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

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
    "Your message hit the 1,000-character limit and may be cut off, so it was ignored. Send it again " +
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
  assertEquals(await phone.say("!ask"), ["Name?"]);
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
      assertEquals(await phone.say(call), ["Name?"]);
      assertEquals(await phone.say(line), [`Welcome, ${line}.`], room.transcript);
    }
  });
}

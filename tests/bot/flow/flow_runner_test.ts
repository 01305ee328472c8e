/**
 * Conversations with a flow.
 * @module
 */
import { defineBot, defineGroup, flow, MemoryStorage } from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { logLines } from "../support/bot_log.ts";
import { registrar, signup } from "../support/signup_flow.ts";

Deno.test("a flow asks step by step, and ends with its result", async () => {
  const storage = new MemoryStorage();
  await using room = await testBot(registrar, { storage });
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!signup"), ["Name? (text) [n6a]"]);
  assertEquals(await laptop.say("Ada L"), ["How old, Ada L? (whole number) [n6a]"]);
  assertEquals(await laptop.say("forty"), ["A number, please."]);
  assertEquals(await laptop.say("300"), ["Really?"]);
  assertEquals(await laptop.say("36"), ["Plan? (free|paid) [n6a]"]);
  assertEquals(await laptop.say("PAID"), ["Ada L, 36, paid"]);
  assertEquals(await laptop.say("thanks"), ["any time"]);
  assertEquals(storage.size, 0);
});

Deno.test("a step can go to another step or end the flow", async () => {
  const lines = ["!signup", "Ada", "40", "free", "Bob", "7", "thanks"];
  assertEquals(await answers(registrar, ...lines), [
    ["Name? (text) [n6a]"],
    ["How old, Ada? (whole number) [n6a]"],
    ["Plan? (free|paid) [n6a]"],
    ["Name? (text) [n6a]"],
    ["How old, Bob? (whole number) [n6a]"],
    ["Too young."],
    ["any time"],
  ]);
});

Deno.test("a word cancels a flow, commands still run, and other devices are not involved", async () => {
  await using room = await testBot(registrar);
  const [laptop, phone] = [room.device("laptop"), room.device("phone")];
  assertEquals(await laptop.say("!signup"), ["Name? (text) [n6a]"]);
  assertEquals(await laptop.say("!ping"), ["pong"]);
  assertEquals(await phone.say("thanks"), ["any time"]);
  assertEquals(await phone.say("Eve"), []);
  assertEquals(await laptop.say("thanks"), ["How old, thanks? (whole number) [n6a]"]);
  assertEquals(await laptop.say("Cancel"), ["Cancelled."]);
  assertEquals(await laptop.say("thanks"), ["any time"]);
});

Deno.test("a running flow is not restarted", async () => {
  assertEquals(await answers(registrar, "!signup", "Ada", "!signup", "36"), [
    ["Name? (text) [n6a]"],
    ["How old, Ada? (whole number) [n6a]"],
    [
      'You are in the middle of "signup". Say "cancel" to end it.',
      "How old, Ada? (whole number) [n6a]",
    ],
    ["Plan? (free|paid) [n6a]"],
  ]);
});

Deno.test("an answer that may have been cut off is asked for again", async () => {
  const long = "x".repeat(1_000);
  const [, again, next] = await answers(registrar, "!signup", long, "Ada");
  assertEquals(again?.length, 1);
  assertStringIncludes(again?.[0] ?? "", "Send a shorter one");
  assertEquals(next, ["How old, Ada? (whole number) [n6a]"]);
});

Deno.test("a late answer gets a notice, and is handled like any other message", async () => {
  await using room = await testBot(registrar);
  const laptop = room.device("laptop");
  await laptop.say("!signup");
  await room.advance(3_599_999);
  assertEquals(await laptop.say("Ada"), ["How old, Ada? (whole number) [n6a]"]);
  await room.advance(3_600_000);
  assertEquals(await laptop.say("thanks"), [
    'No answer in time: "signup" has ended.',
    "any time",
  ]);
  assertEquals(await laptop.say("!signup"), ["Name? (text) [n6a]"]);
  await room.advance(3_600_000);
  const again = await laptop.say("!signup");
  assertEquals(again, ["Name? (text) [n6b]"], "an expired flow does not prevent a new one");
});

Deno.test("work runs between questions with a unique key, and is retried after a failure", async () => {
  const keys: string[] = [];
  let failures = 1;
  const bot = defineBot({
    name: "worker",
    flows: {
      order: flow({
        version: 1,
        state: () => ({ what: "", number: 0 }),
        steps: {
          "what": { ask: "What?", next: ({ state, answer }) => void (state.what = answer) },
          "place": {
            run: async ({ state, key, reply, device }) => {
              keys.push(key);
              if (failures-- > 0) throw new Error("the shop is closed");
              await reply(`ordering for ${device}`);
              state.number = 42;
            },
          },
          "skip": { run: ({ state }) => (state.number === 42 ? { goto: "sure" } : undefined) },
          "never": { ask: "Never?" },
          "sure:bool": {
            ask: ({ number }) => `Number ${number}, sure?`,
            next: ({ answer }) => (answer ? undefined : { end: "As you like." }),
          },
        },
        done: async function* ({ state, key }) {
          keys.push(key);
          yield await Promise.resolve(`${state.what} is on its way`);
          yield "Bye.";
        },
      }),
    },
    commands: { "order": ({ startFlow }) => startFlow("order") },
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!order"), ["What? (text) [n6a]"]);
  assertEquals(await laptop.say("tea"), ["Sorry, that failed. The bot's log says why."]);
  assertEquals(await laptop.say("are you there?"), [
    "ordering for laptop",
    "Number 42, sure? (yes|no) [n6a]",
  ]);
  assertEquals(await laptop.say("yes"), ["tea is on its way", "Bye."]);
  assertEquals([keys[0] === keys[1], new Set(keys).size, keys.length], [true, 2, 3]);
});

Deno.test("a failed done is retried at the next message or start of the flow", async () => {
  for (const next of ["are you there?", "!start"]) {
    let failures = 1;
    const bot = defineBot({
      name: "ender",
      flows: {
        short: flow({
          version: 1,
          state: () => ({ word: "" }),
          steps: {
            "word": { ask: "Word?", next: ({ state, answer }) => void (state.word = answer) },
          },
          done({ state }) {
            if (failures-- > 0) throw new Error("boom");
            return `It was ${state.word}.`;
          },
        }),
      },
      commands: { "start": ({ startFlow }) => startFlow("short") },
    });
    const [question, failed, end, silence] = await answers(bot, "!start", "tea", next, "thanks");
    assertEquals(question, ["Word? (text) [n6a]"]);
    assertEquals(failed, ["Sorry, that failed. The bot's log says why."]);
    assertEquals(end?.at(-1), "It was tea.");
    assertEquals(silence, []);
  }
});

Deno.test("a step that throws, or leaves a state that is not JSON, changes nothing", async () => {
  const bot = defineBot({
    name: "faulty",
    flows: {
      faulty: flow({
        version: 1,
        state: () => ({ list: [] as unknown[] }),
        steps: {
          "what": {
            ask: ({ list }) => `${list.length}?`,
            next({ state, answer }) {
              state.list.push(answer === "date" ? new Date(0) : "x".repeat(answer.length * 10_000));
              if (answer === "throw") throw new Error("boom");
              return { goto: "what" };
            },
          },
        },
      }),
    },
    commands: { "start": ({ startFlow }) => startFlow("faulty") },
    catch: (error) => `caught ${String(error)}`,
  });
  const lines = ["!start", "throw", "date", "too long", "ok"];
  const [first, thrown, date, long, last] = await answers(bot, ...lines);
  assertEquals([first, thrown, last], [["0? (text) [n6a]"], ["caught Error: boom"], [
    "1? (text) [n6a]",
  ]]);
  assertMatch(date?.join() ?? "", /state.list\[0\] is a Date/);
  assertMatch(long?.join() ?? "", /exceeds the limit of 65536/);
});

Deno.test("an answer that a full queue refuses is logged", async () => {
  const bot = defineBot({
    name: "full",
    flows: { signup },
    commands: { "hang": () => new Promise(() => {}) },
  });
  await using room = await testBot(bot, { maxPending: 1, drainTimeout: 0 });
  await room.device("laptop").say("!hang");
  assertEquals(await room.device("laptop").say("hello"), []);
  assertEquals(
    logLines(room).at(-1),
    "warn full: queue full (maxPending): a message was dropped",
  );
});

Deno.test("with cancel: false, the word cancel is an ordinary answer", async () => {
  const bot = defineBot({
    name: "open",
    flows: {
      open: flow({
        version: 1,
        state: () => ({ word: "" }),
        cancel: false,
        steps: {
          "word": { ask: "Word?", next: ({ state, answer }) => void (state.word = answer) },
        },
        done: ({ state }) => state.word,
      }),
      short: flow({
        version: 1,
        state: () => ({}),
        steps: { "a:bool": { ask: "A?" } },
        done: "Done.",
      }),
    },
    commands: { "start <flow:open|short>": ({ args, startFlow }) => startFlow(args.flow) },
  });
  const lines = ["!start open", "!start open", "cancel", "!start short", "yes"];
  assertEquals(await answers(bot, ...lines), [
    ["Word? (text) [n6a]"],
    ['You are in the middle of "open".', "Word? (text) [n6a]"],
    ["cancel"],
    ["A? (yes|no) [n6a]"],
    ["Done."],
  ]);
});

Deno.test("flows of several devices are independent", async () => {
  await using room = await testBot(registrar);
  const names = ["laptop", "phone", "tablet", null];
  const handles = ["n6a", "n6b", "n6c", "n6d"];
  for (const [at, name] of names.entries()) {
    assertEquals(await room.device(name).say("!signup"), [`Name? (text) [${handles[at]}]`]);
  }
  for (const [at, name] of names.entries()) {
    const question = `How old, ${name}? (whole number) [${handles[at]}]`;
    assertEquals(await room.device(name).say(`${name}`), [question]);
  }
});

Deno.test("the flows of a group run inside its middleware", async () => {
  const group = defineGroup({
    use: [async (ctx, next) => {
      if (ctx.message.content === "blocked") return await ctx.reply("not here");
      return await next();
    }],
    flows: { signup },
    commands: { "signup": ({ startFlow }) => startFlow("signup") },
  });
  const bot = defineBot({ name: "outer", groups: [group] });
  assertEquals(await answers(bot, "!signup", "blocked", "Ada"), [
    ["Name? (text) [n6a]"],
    ["not here"],
    ["How old, Ada? (whole number) [n6a]"],
  ]);
});

Deno.test("many messages are not a loop, but replying to every reply is", async () => {
  await using room = await testBot(registrar, { loopGuard: { limit: 3, window: 60_000 } });
  const [phone, laptop] = [room.device("phone"), room.device("laptop")];
  for (let n = 0; n < 10; n++) assertEquals(await phone.say("just talking"), []);
  assertEquals(await phone.say("!ping"), ["pong"]);
  assertEquals(await laptop.say("!signup"), ["Name? (text) [n6a]"]);
  assertEquals(await laptop.say("Ada"), ["How old, Ada? (whole number) [n6a]"]);
  assertEquals(await laptop.say("many"), ["A number, please."]);
  assertEquals(await laptop.say("many"), ["A number, please."]);
  assertEquals(await laptop.say("many"), []);
  assertEquals(await room.device("tablet").say("!ping"), ["pong"]);
});

import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type Bot,
  BotDefinitionError,
  ConnectionError,
  defineBot,
  defineGroup,
  flow,
  type FlowContext,
  MemoryStorage,
} from "@roomz/roomz/bot";
import type { Message } from "@roomz/roomz/client";
import { BotRoom } from "./bot_room.ts";
import { FakeHost } from "./fake_host.ts";
import { typed } from "./types.ts";

const signup = flow({
  version: 1,
  state: () => ({ name: "", age: 0, plan: "" }),
  steps: {
    "name": {
      ask: "Name?",
      next: ({ state, answer }) => void (state.name = answer),
    },
    "age:int": {
      ask: ({ name }) => `How old, ${name}?`,
      retry: "A number, please.",
      next({ state, answer }) {
        if (answer > 120) return { again: "Really?" };
        if (answer < 18) return { end: "Too young." };
        state.age = answer;
      },
    },
    "plan:free|paid": {
      ask: "Plan?",
      next({ state, answer }) {
        state.plan = answer;
        if (answer === "free") return { goto: "name" };
      },
    },
  },
  done: ({ state }) => `${state.name}, ${state.age}, ${state.plan}`,
  timeout: "1h",
});

const registrar = defineBot({
  name: "registrar",
  flows: { signup },
  commands: { "signup": ({ startFlow }) => startFlow("signup"), "ping": "pong" },
  hears: [[/^thanks$/, "any time"]],
});

/** Says each line when the bot has answered the one before; returns what it said to the last ones. */
async function talk(room: BotRoom, ...lines: string[]): Promise<readonly string[]> {
  const from = room.replies.length;
  for (const line of lines) {
    const before = room.replies.length;
    room.say(line);
    await room.said(before + 1);
  }
  return room.replies.slice(from);
}

function room(bot: Bot = registrar, storage = new MemoryStorage(), host?: FakeHost) {
  return BotRoom.with(bot, { storage }, host);
}

Deno.test("a flow asks step by step, and ends with what it was told", async () => {
  const storage = new MemoryStorage();
  await using here = await room(registrar, storage);
  assertEquals(await talk(here, "!signup", "Ada L", "forty", "300", "36", "PAID"), [
    "Name?",
    "How old, Ada L?",
    "A number, please.",
    "Really?",
    "Plan?",
    "Ada L, 36, paid",
  ]);
  assertEquals(await talk(here, "thanks"), ["any time"]);
  assertEquals(storage.size, 0);
});

Deno.test("a step can lead to another, or to the end", async () => {
  await using here = await room();
  assertEquals(await talk(here, "!signup", "Ada", "40", "free", "Bob", "7", "thanks"), [
    "Name?",
    "How old, Ada?",
    "Plan?",
    "Name?",
    "How old, Bob?",
    "Too young.",
    "any time",
  ]);
});

Deno.test("a word cancels a flow, commands run beside it, other devices take no part", async () => {
  await using here = await room();
  assertEquals(await talk(here, "!signup", "!ping"), ["Name?", "pong"]);
  here.say("thanks", "phone");
  assertEquals((await here.said(3))[2], "any time");
  here.say("Eve", "phone");
  assertEquals(await talk(here, "thanks", "Cancel", "thanks"), [
    "How old, thanks?",
    "Cancelled.",
    "any time",
  ]);
});

Deno.test("a flow that is under way is not begun anew", async () => {
  await using here = await room();
  await talk(here, "!signup", "Ada");
  here.say("!signup");
  assertEquals((await here.said(4)).slice(2), [
    'You are in the middle of "signup". Say "cancel" to leave it.',
    "How old, Ada?",
  ]);
  assertEquals(await talk(here, "36"), ["Plan?"]);
});

Deno.test("an answer that may be cut off is asked for again", async () => {
  await using here = await room();
  await talk(here, "!signup");
  here.say("x", "laptop", { maybeTruncated: true });
  assertStringIncludes((await here.said(2))[1] ?? "", "Answer in fewer words");
  assertEquals(await talk(here, "Ada"), ["How old, Ada?"]);
});

Deno.test("an answer that comes too late is told so, and is a message like others", async () => {
  const host = new FakeHost("2026-11-23T00:00:00Z");
  await using here = await room(registrar, new MemoryStorage(), host);
  await talk(here, "!signup");
  await host.advance(3_599_999);
  await talk(here, "Ada");
  await host.advance(3_600_000);
  here.say("thanks");
  assertEquals((await here.said(4)).slice(2), [
    'No answer in time: "signup" has ended.',
    "any time",
  ]);
  await talk(here, "!signup");
  await host.advance(3_600_000);
  assertEquals(
    await talk(here, "!signup"),
    ["Name?"],
    "what is too late does not stand in the way",
  );
});

Deno.test("a flow goes on after a restart where it was, silently where it has asked already", async () => {
  const storage = new MemoryStorage();
  {
    await using before = await room(registrar, storage);
    await talk(before, "!signup", "Ada");
  }
  await using after = await room(registrar, storage);
  assertEquals(await talk(after, "36", "paid"), ["Plan?", "Ada, 36, paid"]);
});

Deno.test("a question that could not be sent is asked when the connection is back", async () => {
  await using here = await room();
  here.client.sendInstead = () => Promise.reject(new ConnectionError("Not connected."));
  here.say("!signup");
  await here.log.wrote("failed, and so did the answer that says it");
  here.client.sendInstead = undefined;
  here.client.emit("connection_state_changed", { state: "connected" });
  assertEquals(await here.said(1), ["Name?"]);
  assertEquals(await talk(here, "Ada"), ["How old, Ada?"]);
});

Deno.test("to start a flow whose question could not be sent sends it again", async () => {
  await using here = await room();
  here.client.sendInstead = () => Promise.reject(new ConnectionError("Not connected."));
  here.say("!signup");
  await here.log.wrote("failed, and so did the answer that says it");
  here.client.sendInstead = undefined;
  here.say("!signup");
  assertEquals((await here.said(2))[1], "Name?");
});

Deno.test("a message that comes again after a restart counts once", async () => {
  const storage = new MemoryStorage();
  const counter = defineBot({
    name: "counter",
    flows: {
      count: flow({
        version: 1,
        state: () => ({ said: [] as string[] }),
        steps: {
          "word": {
            ask: ({ said }) => `${said.join(" ")}?`,
            next({ state, answer }) {
              state.said.push(answer);
              return { goto: "word" };
            },
          },
        },
      }),
    },
    commands: { "count": ({ startFlow }) => startFlow("count") },
  });
  let first: Message;
  {
    await using before = await room(counter, storage);
    await talk(before, "!count");
    first = { ...before.room.broadcast(before.device("laptop"), "one"), own: false };
    await before.said(2);
  }
  await using after = await room(counter, storage);
  after.client.emit("message", first);
  assertEquals(await talk(after, "two"), ["one two?"]);
});

Deno.test("what is said before the question was sent is no answer to it", async () => {
  await using here = await room();
  here.client.sendInstead = () => Promise.reject(new ConnectionError("Not connected."));
  here.say("!signup");
  await here.log.wrote("failed, and so did the answer that says it");
  here.client.sendInstead = undefined;
  assertEquals(await talk(here, "hello?", "Ada"), ["Name?", "How old, Ada?"]);
});

Deno.test("work is done between questions, with a key of its own, and again when it failed", async () => {
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
  await using here = await room(bot);
  assertEquals(await talk(here, "!order", "tea"), [
    "What?",
    "Sorry, that failed. The bot's log says why.",
  ]);
  here.say("are you there?");
  await here.said(4);
  here.say("yes");
  assertEquals((await here.said(6)).slice(2), [
    "ordering for laptop",
    "Number 42, sure?",
    "tea is on its way",
    "Bye.",
  ]);
  assertEquals([keys[0] === keys[1], new Set(keys).size, keys.length], [true, 2, 3]);
});

Deno.test("a step that fails, or leaves what cannot be kept, changes nothing", async () => {
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
  await using here = await room(bot);
  const replies = await talk(here, "!start", "throw", "date", "too long", "ok");
  assertEquals([replies[0], replies[1], replies[4]], ["0?", "caught Error: boom", "1?"]);
  assertMatch(replies[2] ?? "", /state.list\[0\] is a Date/);
  assertMatch(replies[3] ?? "", /65536 is the most/);
});

/** The sign-up as a later version has it. */
function later(migrates: boolean): Bot {
  return defineBot({
    name: "registrar",
    flows: {
      signup: flow({
        version: 2,
        state: () => ({ fullName: "", email: "" }),
        steps: {
          "full-name": {
            ask: "Full name?",
            next: ({ state, answer }) => void (state.fullName = answer),
          },
          "mail:email": { ask: "Mail?", next: ({ state, answer }) => void (state.email = answer) },
        },
        done: ({ state }) => `${state.fullName} <${state.email}>`,
        ...(migrates
          ? {
            migrate: ({ version, step, state }) =>
              version === 1 && step !== "name"
                ? { step: "mail", state: { fullName: String(state.name), email: "" } }
                : undefined,
          }
          : {}),
      }),
    },
    commands: { "signup": ({ startFlow }) => startFlow("signup") },
  });
}

Deno.test("a flow of an earlier version is migrated, or ends with a word about it", async () => {
  const ended = '"signup" has changed since you began, and has ended: begin again.';
  for (
    const [said, bot, expected] of [
      [["Ada"], later(true), ["Mail?", "Ada <ada@example.org>"]],
      [[], later(true), [ended]],
      [["Ada"], later(false), [ended]],
      [["Ada"], defineBot({ name: "registrar", flows: { other: signup } }), [ended]],
    ] satisfies [string[], Bot, string[]][]
  ) {
    const storage = new MemoryStorage();
    {
      await using before = await room(registrar, storage);
      await talk(before, "!signup", ...said);
    }
    await using after = await room(bot, storage);
    await after.said(1);
    if (expected.length === 2) after.say("ada@example.org");
    assertEquals(await after.said(expected.length), expected);
  }
});

Deno.test("a migration to a step that does not exist is logged, and the flow stays as it is", async () => {
  const storage = new MemoryStorage();
  {
    await using before = await room(registrar, storage);
    await talk(before, "!signup");
  }
  const lost = {
    version: 2,
    state: () => ({}),
    steps: { "a": { ask: "A?" } },
    migrate: () => ({ step: "b", state: {} }),
  };
  const bot = defineBot({ name: "registrar", flows: { signup: lost } });
  {
    await using after = await room(bot, storage);
    await after.log.wrote("failed");
    assertStringIncludes(String(after.log.errors[0]), 'has no step "b" to migrate to');
  }
  await using again = await room(registrar, storage);
  assertEquals(await talk(again, "Ada"), ["How old, Ada?"]);
});

Deno.test("an answer that there is no room for is in the log", async () => {
  const gate = Promise.withResolvers<string>();
  const bot = defineBot({
    name: "full",
    flows: { signup },
    commands: { "wait": () => gate.promise },
  });
  await using here = await BotRoom.with(bot, { storage: new MemoryStorage(), maxPending: 1 });
  here.say("!wait");
  here.say("hello");
  assertEquals(here.log.lines.at(-1), "warn full: too much to do at once: a message was not read");
  gate.resolve("done");
  await here.said(1);
});

Deno.test("a flow may say cancel where it has no such word", async () => {
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
  await using here = await room(bot);
  assertEquals(await talk(here, "!start open", "cancel", "!start short", "yes"), [
    "Word?",
    "cancel",
    "A?",
    "Done.",
  ]);
});

Deno.test("flows of several devices go on side by side", async () => {
  await using here = await room();
  const devices = ["laptop", "phone", "tablet", null];
  for (const device of devices) here.say("!signup", device);
  await here.said(4);
  for (const device of devices) here.say(`${device}`, device);
  assertEquals((await here.said(8)).slice(4).toSorted(), [
    "How old, laptop?",
    "How old, null?",
    "How old, phone?",
    "How old, tablet?",
  ]);
});

Deno.test("a group has flows of its own, inside its middleware", async () => {
  const group = defineGroup({
    use: [async (ctx, next) => {
      if (ctx.message.content === "blocked") return await ctx.reply("not here");
      return await next();
    }],
    flows: { signup },
    commands: { "signup": ({ startFlow }) => startFlow("signup") },
  });
  await using here = await room(defineBot({ name: "outer", groups: [group] }));
  assertEquals(await talk(here, "!signup", "blocked", "Ada"), [
    "Name?",
    "not here",
    "How old, Ada?",
  ]);
});

Deno.test("a talkative device is no loop, but one that answers every answer is stopped", async () => {
  const storage = new MemoryStorage();
  const loopGuard = { limit: 3, window: 60_000 };
  await using here = await BotRoom.with(registrar, { storage, loopGuard });
  for (let n = 0; n < 10; n++) here.say("just talking", "phone");
  here.say("!ping", "phone");
  assertEquals(await here.said(1), ["pong"]);
  await talk(here, "!signup", "Ada", "many", "many");
  here.say("many");
  here.say("!ping", "tablet");
  assertEquals((await here.said(6)).slice(4), ["A number, please.", "pong"]);
});

Deno.test("what cannot be read from the storage is logged, and the bot runs all the same", async () => {
  const storage = new MemoryStorage();
  await storage.write(["registrar", "flows", "user:me@example.com"], "{", { version: undefined });
  await using here = await room(registrar, storage);
  assertEquals(await talk(here, "thanks", "!ping"), ["any time", "pong"]);
  assertEquals(here.log.lines.filter((line) => line.startsWith("error")), [
    "error registrar: what was under way could not be read",
    "error registrar: whether a flow waits could not be read",
  ]);
});

Deno.test("what another version of the package wrote is not misread, and not overwritten", async () => {
  const key = ["registrar", "flows", "user:me@example.com"];
  for (
    const text of [
      '{"shape":2,"value":{"devices":{}}}',
      '{"shape":1,"value":{}}',
      '{"shape":1,"value":{"devices":{"a":{"flow":"signup"}}}}',
    ]
  ) {
    const storage = new MemoryStorage();
    await storage.write(key, text, { version: undefined });
    await using here = await room(registrar, storage);
    assertEquals(await talk(here, "!signup"), ["Sorry, that failed. The bot's log says why."]);
    assertStringIncludes(String(here.log.errors.at(-1)), "not written by this version");
    assertEquals((await storage.read(key))?.text, text);
  }
});

Deno.test("a flow that is moved on by another bot is not moved on twice", async () => {
  const storage = new MemoryStorage();
  const gate = Promise.withResolvers<void>();
  const bot = (slow: boolean) =>
    defineBot({
      name: "twin",
      flows: {
        work: flow({
          version: 1,
          state: () => ({ done: 0 }),
          steps: {
            "work": {
              run: async ({ state }) => {
                if (slow) await gate.promise;
                state.done++;
              },
            },
            "more": { ask: ({ done }) => `${done}, more?` },
          },
        }),
      },
      commands: { "start": ({ startFlow }) => startFlow("work") },
      catch: (error) => `caught ${error}`,
    });
  await using one = await room(bot(true), storage);
  one.say("!start");
  while (storage.size === 0) await Promise.resolve();
  await using two = await room(bot(false), storage);
  assertEquals(await two.said(1), ["1, more?"]);
  gate.resolve();
  assertStringIncludes((await one.said(1))[0] ?? "", "moved on by something else");
});

Deno.test("the types of a flow come from its keys and its state", () => {
  flow({
    version: 1,
    state: () => ({ n: 0, when: "" }),
    steps: {
      "n:int": {
        ask: (state) => {
          typed<{ n: number; when: string }>()(state);
          return "";
        },
        next({ state, answer }) {
          typed<number>()(answer);
          typed<{ n: number; when: string }>()(state);
          return { goto: "when" };
        },
      },
      "when:date": { ask: "", next: ({ answer }) => typed<Date>()(answer) },
      "plan:a|b": { ask: "", next: ({ answer }) => typed<"a" | "b">()(answer) },
      "text": { ask: "", next: ({ answer }) => typed<string>()(answer) },
      "work": {
        run(ctx) {
          typed<FlowContext<{ n: number; when: string }>>()(ctx);
        },
      },
    },
    done: ({ state }) => state.when,
  });
  const state = () => ({ n: 0 });
  // @ts-expect-error: no such step
  flow({ version: 1, state, steps: { "a": { ask: "", next: () => ({ goto: "b" }) } } });
  // @ts-expect-error: a reducer does not wait
  flow({ version: 1, state, steps: { "a": { ask: "", next: async () => {} } } });
  // @ts-expect-error: no such property of the state
  flow({ version: 1, state, steps: { "a": { ask: ({ m }) => `${m}` } } });
  // @ts-expect-error: work has nothing to ask again
  flow({ version: 1, state, steps: { "a": { run: () => ({ again: "" }) } } });
  flow({
    version: 2,
    state,
    steps: { "a": { ask: "" } },
    // @ts-expect-error: migrate goes to a step that there is
    migrate: () => ({ step: "b", state: { n: 1 } }),
  });
  const flows = { signup };
  // @ts-expect-error: no such flow
  defineBot({ name: "x", flows, commands: { "a": ({ startFlow }) => startFlow("sign") } });
  // @ts-expect-error: without flows there is nothing to start
  defineBot({ name: "x", commands: { "a": ({ startFlow }) => startFlow("signup") } });
});

Deno.test("a flow that makes no sense is an error of defineBot, which names the place", () => {
  const state = () => ({});
  const step = { ask: "?" };
  const wrong: readonly [steps: Record<string, typeof step>, version: number, message: string][] = [
    [{}, 1, "A flow has a step at least."],
    [{ ":int": step }, 1, "A step has a name before its type."],
    [{ "a:int": step, "a": step }, 1, 'Two steps are named "a".'],
    [{ "a:itn": step }, 1, 'There is no type "itn". Did you mean "int"?'],
    [{ "a": step }, 0, "flows.x.version"],
  ];
  for (const [steps, version, message] of wrong) {
    const define = () => defineBot({ name: "x", flows: { x: { version, state, steps } } });
    assertThrows(define, BotDefinitionError, message);
  }
  assertThrows(
    () => defineBot({ name: "x", flows: { signup }, groups: [{ flows: { signup } }] }),
    BotDefinitionError,
    "groups[0].flows.signup",
  );
});

Deno.test("a step or a flow that does not exist is an error that names it", async () => {
  const bot = defineBot({
    name: "x",
    flows: {
      lost: {
        version: 1,
        state: () => ({}),
        steps: { "a": { ask: "A?", next: () => ({ goto: "b" }) } },
      },
    },
    commands: {
      "start": ({ startFlow }) => startFlow("lost"),
      "wrong": ({ startFlow }) => Reflect.apply(startFlow, undefined, ["other"]),
    },
    catch: (error) => String(error),
  });
  await using here = await room(bot);
  assertEquals(await talk(here, "!start", "x", "!wrong"), [
    "A?",
    'TypeError: The flow "lost" has no step "b" to go to.',
    'TypeError: There is no flow "other" to start. There are: lost.',
  ]);
});

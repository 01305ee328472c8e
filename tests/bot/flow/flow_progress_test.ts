/**
 * The stored progress of flows: after a restart, a lost connection or a new version.
 * @module
 */
import { type Bot, ConnectionError, defineBot, flow, MemoryStorage } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertInstanceOf, assertStringIncludes } from "@std/assert";
import { loggedErrors, logLines } from "../support/bot_log.ts";
import { registrar, signup } from "../support/signup_flow.ts";
import { WatchedStorage } from "../support/watched_storage.ts";

const SORRY = "Sorry, that failed. The bot's log says why.";

Deno.test("a flow continues after a restart, without repeating a question that was sent", async () => {
  await using room = await testBot(registrar);
  const laptop = room.device("laptop");
  await laptop.say("!signup");
  assertEquals(await laptop.say("Ada"), ["How old, Ada? (whole number) [n6a]"]);
  room.crash();
  room.crash();
  await room.restart();
  assertEquals(room.answers.length, 2);
  assertEquals(await laptop.say("36"), ["Plan? (free|paid) [n6a]"]);
  assertEquals(await laptop.say("paid"), ["Ada, 36, paid"]);
});

Deno.test("after a restart, a lost connection has the flow's question said again", async () => {
  await using room = await testBot(registrar);
  await room.device("laptop").say("!signup");
  room.crash();
  await room.restart();
  const before = room.answers.length;
  await room.disconnect();
  await room.reconnect();
  assertEquals(room.answers.slice(before), [
    "The connection was lost for a while: an answer given meanwhile may have been missed.\n" +
    "Name? (text) [n6a]",
  ]);
});

Deno.test("a question that could not be sent is sent after the reconnect", async () => {
  await using room = await testBot(registrar);
  const laptop = room.device("laptop");
  await laptop.say("!signup 1s");
  await room.disconnect();
  assertEquals(await room.advance(1_000), []);
  assertInstanceOf(loggedErrors(room)[0], ConnectionError);
  await room.reconnect();
  assertEquals(room.answers, ["Name? (text) [n6a]"]);
  assertEquals(await laptop.say("Ada"), ["How old, Ada? (whole number) [n6a]"]);
});

Deno.test("starting a flow again repeats a question that was not acknowledged", async () => {
  await using room = await testBot(registrar);
  const laptop = room.device("laptop");
  room.loseAcknowledgement();
  assertEquals(await laptop.say("!signup"), ["Name? (text) [n6a]"]);
  assertEquals(await room.advance(60_000), [SORRY]);
  assertEquals(await laptop.say("!signup"), [
    'You are in the middle of "signup". Say "cancel" to end it.',
    "Name? (text) [n6a]",
  ]);
  assertEquals(await laptop.say("Ada"), ["How old, Ada? (whole number) [n6a]"]);
});

Deno.test("a message before the question's acknowledgement is not an answer", async () => {
  await using room = await testBot(registrar);
  const laptop = room.device("laptop");
  room.loseAcknowledgement();
  assertEquals(await laptop.say("!signup"), ["Name? (text) [n6a]"]);
  assertEquals(await room.advance(60_000), [SORRY]);
  assertEquals(await laptop.say("hello?"), ["Name? (text) [n6a]"]);
  assertEquals(await laptop.say("Ada"), ["How old, Ada? (whole number) [n6a]"]);
});

Deno.test("an answer that a second process receives again counts once", async () => {
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
    hears: [[/^(one|two)$/, "not an answer"]],
  });
  await using before = await testBot(counter);
  const laptop = before.device("laptop");
  assertEquals(await laptop.say("!count"), ["? (text) [n6a]"]);
  await using after = await before.addBot(counter);
  after.hold();
  assertEquals(await laptop.say("one"), ["one? (text) [n6a]"]);
  before.crash();
  assertEquals(await after.release(), []);
  assertEquals(await laptop.say("two"), ["one two? (text) [n6a]"]);
});

Deno.test("a step that another process completed is not applied twice", async () => {
  const bot = (time: number) =>
    defineBot({
      name: "twin",
      flows: {
        work: flow({
          version: 1,
          state: () => ({ done: 0 }),
          steps: {
            "work": {
              run: async ({ state, clock }) => {
                await new Promise<void>((resolve) => clock.schedule(resolve, time));
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
  await using one = await testBot(bot(2_000));
  await one.device("laptop").say("!start");
  await using two = await one.addBot(bot(1_000));
  assertEquals(await two.advance(1_999), ["1, more? (text) [n6a]"]);
  assertStringIncludes(
    (await one.advance(1)).join(),
    "Something else changed the progress of the flow",
  );
  assertEquals([one.answers.length, two.answers.length], [1, 1]);
});

/** A later version of the sign-up flow. */
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

Deno.test("a flow of an earlier version is migrated, or ends with a message", async () => {
  const ended = '"signup" has changed since you started it. Start it again.';
  for (
    const [said, bot, expected] of [
      [["Ada"], later(true), ["Mail? (email address) [n6a]", "Ada <ada@example.org>"]],
      [[], later(true), [ended]],
      [["Ada"], later(false), [ended]],
      [["Ada"], defineBot({ name: "registrar", flows: { other: signup } }), [ended]],
    ] satisfies [string[], Bot, string[]][]
  ) {
    await using before = await testBot(registrar);
    const laptop = before.device("laptop");
    for (const line of ["!signup", ...said]) await laptop.say(line);
    await before.stop();
    await using after = await before.addBot(bot);
    assertEquals(after.answers, expected.slice(0, 1));
    assertEquals(await laptop.say("ada@example.org"), expected.slice(1));
  }
});

Deno.test("a flow that an earlier version advanced is migrated when it is started again", async () => {
  await using before = await testBot(registrar);
  await using after = await before.addBot(later(true));
  after.hold();
  const laptop = before.device("laptop");
  await laptop.say("!signup");
  assertEquals(await laptop.say("Ada"), ["How old, Ada? (whole number) [n6a]"]);
  await before.stop();
  await after.release(() => []);
  assertEquals(await laptop.say("!signup"), ["Mail? (email address) [n6a]"]);
  assertEquals(await laptop.say("ada@example.org"), ["Ada <ada@example.org>"]);
});

Deno.test("a migration to an unknown step is logged, and the flow is not changed", async () => {
  const lost = {
    version: 2,
    state: () => ({}),
    steps: { "a": { ask: "A?" } },
    migrate: () => ({ step: "b", state: {} }),
  };
  await using room = await testBot(registrar);
  const laptop = room.device("laptop");
  await laptop.say("!signup");
  await room.stop();
  {
    await using after = await room.addBot(
      defineBot({ name: "registrar", flows: { signup: lost } }),
    );
    assertStringIncludes(
      String(loggedErrors(after)[0]),
      'returned step: "b", but there is no such step',
    );
    assertEquals(after.answers, []);
  }
  await room.restart();
  assertEquals(await laptop.say("Ada"), ["How old, Ada? (whole number) [n6a]"]);
});

for (const asks of [true, false]) {
  const what = asks
    ? "whose next question another process has sent"
    : "that another process has finished";
  Deno.test(`work ${what} is not repeated`, async () => {
    let worked = 0;
    const worker = defineBot({
      name: "worker",
      flows: {
        work: flow({
          version: 1,
          state: () => ({}),
          steps: {
            "work": {
              run: async ({ clock }) => {
                await new Promise<void>((resolve) => clock.schedule(resolve, 1_000));
                worked++;
              },
            },
            "more": asks ? { ask: "More?" } : { run: () => {} },
          },
          done: "Done.",
        }),
      },
      commands: { "start": ({ startFlow }) => startFlow("work") },
    });
    await using one = await testBot(worker);
    await one.device("laptop").say("!start");
    // The second process reads the progress while the work runs, and again when it is done.
    const storage = new WatchedStorage(one.storage);
    storage.beforeRead = () => new Promise<void>((resolve) => one.clock.schedule(resolve, 600));
    await using two = await one.addBot(worker, { storage });
    await one.advance(10_000);
    assertEquals([one.answers, two.answers, worked], [
      [asks ? "More? (text) [n6a]" : "Done."],
      [],
      1,
    ]);
    assertEquals(loggedErrors(two), []);
    assertEquals(storage.reads, 3, "two reads for the flow, and one for the message");
  });
}

Deno.test("endless write conflicts are an error, not an endless loop", async () => {
  const storage = new WatchedStorage();
  await using room = await testBot(registrar, {
    storage: {
      read: (key) => storage.read(key),
      write: () => Promise.resolve(false),
      delete: () => Promise.resolve(false),
    },
  });
  assertEquals(await room.device("laptop").say("!signup"), [SORRY]);
  assertStringIncludes(String(loggedErrors(room)[0]), "1000 conflicting writes");
  assertEquals(storage.reads > 1_000, true);
});

Deno.test("unreadable progress is logged, and the bot still runs", async () => {
  const storage = new MemoryStorage();
  await storage.write(["registrar", "flows", "user:me@example.com"], "{", { version: undefined });
  await using room = await testBot(registrar, { storage });
  assertEquals(await room.device("laptop").say("thanks"), ["any time"]);
  assertEquals(await room.device("laptop").say("!ping"), ["pong"]);
  assertEquals(logLines(room).filter((line) => line.startsWith("error")), [
    "error registrar: could not read the flows to resume",
    "error registrar: could not read the device's flow from the storage",
  ]);
});

Deno.test("progress in an unknown format is neither misread nor overwritten", async () => {
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
    await using room = await testBot(registrar, { storage });
    assertEquals(await room.device("laptop").say("!signup"), [SORRY]);
    assertStringIncludes(
      String(loggedErrors(room).at(-1)),
      "has an unsupported format, and was not changed",
    );
    assertEquals((await storage.read(key))?.text, text);
  }
});

/**
 * Which devices a flow talks with: those without a name, and the one that it names.
 * @module
 */
import { BotDefinitionError, defineBot, flow, MemoryStorage } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { WatchedStorage } from "../support/watched_storage.ts";

/** A bot with a flow of one question of this type. */
function asking(type: string) {
  return defineBot({
    name: "asker",
    flows: {
      f: flow({
        version: 1,
        state: () => ({ answer: "" }),
        steps: {
          [`a:${type}`]: {
            ask: "?",
            retry: "Again!",
            next: ({ state, answer }: { state: { answer: string }; answer: unknown }) =>
              void (state.answer = String(answer)),
          },
        },
        done: ({ state }) => `Got ${state.answer}.`,
      }),
    },
    commands: { "go": ({ startFlow }) => startFlow("f") },
    hears: [[/^build/, "heard"]],
  });
}

const fits:
  readonly (readonly [type: string, others: readonly string[], line: string, end: string])[] = [
    ["int", ["42 tests passed", "deployed"], "42", "Got 42."],
    ["dev|prod", ["production", "prd"], "PROD", "Got prod."],
    ["bool", ["ok", "yes sir"], "y", "Got true."],
    ["duration", ["a while", "in 5m"], "5m", "Got 300000."],
    ["number", ["1.2.3", "half"], "1.5", "Got 1.5."],
    ["text", ["x".repeat(1_000)], "tea", "Got tea."],
    ["int", ["cancelled"], "cancel", "Cancelled."],
  ];
for (const [type, others, line, end] of fits) {
  Deno.test(`a device without a name gives a flow only answers that fit: ${type}, ${line}`, async () => {
    await using room = await testBot(asking(type));
    const unnamed = room.device(null);
    assertEquals((await unnamed.say("!go")).length, 1);
    for (const other of others) assertEquals(await unnamed.say(other), [], room.transcript);
    if (type !== "text") assertEquals(await unnamed.say("build 7 is green"), ["heard"]);
    assertEquals(await unnamed.say(line), [end], room.transcript);
    assertEquals(room.log.filter(({ level }) => level === "warn").length, 1);
  });
}

const approval = (from: string | undefined, version = 1) =>
  flow({
    version,
    ...(from === undefined ? {} : { from }),
    state: () => ({ reason: "" }),
    steps: {
      "sure:bool": {
        ask: "Deploy?",
        next: ({ answer }) => answer ? undefined : { end: "Not deployed." },
      },
      "reason": { ask: "Why?", next: ({ state, answer }) => void (state.reason = answer) },
    },
    done: ({ state, device }) => `${device} approved: ${state.reason}`,
    timeout: "1h",
  });
const deployer = (from: string | undefined, version?: number) =>
  defineBot({
    name: "deployer",
    flows: { approval: approval(from, version) },
    commands: { "deploy": ({ startFlow }) => startFlow("approval"), "ping": "pong" },
  });

const froms: readonly (readonly [from: string, device: string])[] = [
  ["phone", "phone"],
  ["phone", "PHONE"],
  ["Kitchen Pi", "kitchen pi"],
  ["café", "cafe\u0301"],
  ["ｐｈｏｎｅ", "phone"],
  ["laptop", "laptop"],
  ["ci", "ci"],
];
for (const [from, device] of froms) {
  Deno.test(`a flow from: ${from} talks with ${device} alone, also after a crash`, async () => {
    await using room = await testBot(deployer(from));
    assertEquals(await room.device("ci").say("!deploy"), ["Deploy? (yes|no) [n6a]"]);
    for (const other of ["tablet", null, `${device} 2`]) {
      assertEquals(await room.device(other).say("yes"), [], `${other}`);
    }
    assertEquals(await room.device(device).say("maybe"), [
      'Your answer must be yes or no, not "maybe".',
    ]);
    room.crash();
    await room.restart();
    assertEquals(await room.device(device).say("!ping"), ["pong"]);
    assertEquals(await room.device(device).say("yes"), ["Why? (text) [n6a]"]);
    assertEquals(await room.device("tablet").say("because"), []);
    assertEquals(await room.device(device).say("because"), [`${from} approved: because`]);
    assertEquals(await room.device(device).say("yes"), []);
    assertEquals(room.log.filter(({ level }) => level === "warn" || level === "error"), []);
  });
}

Deno.test("a flow for another device ends once: cancelled, refused, or too late", async () => {
  await using room = await testBot(deployer("phone"));
  const [ci, phone] = [room.device(null), room.device("phone")];
  for (const [line, end] of [["cancel", "Cancelled."], ["no", "Not deployed."]] as const) {
    assertEquals(await ci.say("!deploy"), ["Deploy? (yes|no) [n6a]"]);
    assertEquals(await ci.say("!deploy"), [
      '"phone" is in the middle of "approval". Say "cancel" to end it.',
      "Deploy? (yes|no) [n6a]",
    ]);
    assertEquals(await ci.say(line), []);
    assertEquals(await phone.say(line), [end]);
  }
  assertEquals(await ci.say("!deploy"), ["Deploy? (yes|no) [n6a]"]);
  await room.advance(3_600_000);
  assertEquals(await phone.say("yes"), ['No answer in time: "approval" has ended.']);
});

Deno.test("an answer that overtakes the question's acknowledgement waits for it", async () => {
  const responder = defineBot({ name: "phone", hears: [[/^Deploy/, "yes"], [/^Why/, "tested"]] });
  const storage = new WatchedStorage();
  // Slow enough for the answer to arrive before the bot has stored that it asked.
  storage.beforeWrite = async () => {
    for (let tick = 0; tick < 500; tick++) await Promise.resolve();
  };
  await using room = await testBot(deployer("phone"), { storage });
  await using _other = await room.addBot(responder);
  await room.device("ci").say("!deploy");
  // Each answer is held back for a second.
  await room.advance(2_000);
  assertEquals(room.answers, [
    "Deploy? (yes|no) [n6a]",
    "Why? (text) [n6a]",
    "phone approved: tested",
  ], room.transcript);
  assertEquals(room.log.filter(({ level }) => level === "error"), []);
});

Deno.test("work before the first question is done once, even if its device speaks meanwhile", async () => {
  let done = 0;
  const bot = defineBot({
    name: "builder",
    flows: {
      f: flow({
        version: 1,
        from: "phone",
        state: () => ({}),
        steps: {
          "build": {
            run: async ({ clock }) => {
              await new Promise<void>((resolve) => clock.schedule(resolve, 60_000));
              done++;
            },
          },
          "sure:bool": { ask: "Deploy?" },
        },
        done: "Deployed.",
      }),
    },
    commands: { "go": ({ startFlow }) => startFlow("f"), "ping": "pong" },
  });
  await using room = await testBot(bot);
  await room.device("ci").say("!go");
  await room.device("phone").say("what is taking so long?");
  assertEquals(await room.advance(120_000), [
    "Deploy? (yes|no) [n6a]",
    'Your answer must be yes or no, not "what is taking so long?".',
  ]);
  assertEquals(await room.device("phone").say("yes"), ["Deployed."]);
  assertEquals(done, 1);
});

Deno.test("a flow whose from has changed with its version is ended at the start of the bot", async () => {
  const storage = new MemoryStorage();
  for (
    const [before, after, version] of [["phone", "tablet", 2], [undefined, "tablet", 1]] as const
  ) {
    {
      await using room = await testBot(deployer(before), { storage });
      assertEquals(await room.device("phone").say("!deploy"), ["Deploy? (yes|no) [n6a]"]);
    }
    await using room = await testBot(deployer(after, version), { storage });
    assertEquals(room.answers, ['"approval" has changed since you started it. Start it again.']);
    assertEquals(await room.device("phone").say("yes"), []);
    assertEquals(await room.device("phone").say("!deploy"), ["Deploy? (yes|no) [n6a]"]);
    assertEquals(await room.device("tablet").say("cancel"), ["Cancelled."]);
  }
});

Deno.test("an empty from is a definition error", () => {
  const error = assertThrows(() => deployer(" "), BotDefinitionError);
  assertStringIncludes(error.message, "Name the device that may answer.\n  in flows.approval.from");
});

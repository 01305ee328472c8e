import {
  type Bot,
  BotDefinitionError,
  cooldown,
  type CooldownOptions,
  defineBot,
  flow,
} from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals, assertThrows } from "@std/assert";

/** The replies to messages that arrive one second apart. */
async function calls(
  options: Omit<CooldownOptions, "window">,
  ...lines: readonly (readonly [device: string, line: string])[]
): Promise<readonly string[]> {
  const bot = defineBot({
    name: "helper",
    use: [cooldown({ ...options, window: "10s" })],
    commands: { "a": ({ device }) => `a ${device}`, "b": ({ device }) => `b ${device}` },
    hears: [[/^hi/, ({ device }) => `hi ${device}`]],
  });
  await using room = await testBot(bot);
  for (const [device, line] of lines) {
    await room.device(device).say(line);
    await room.advance(1_000);
  }
  return room.answers;
}

Deno.test("a device over the limit gets one warning; other devices are not affected", async () => {
  assertEquals(
    await calls(
      { limit: 2 },
      ["laptop", "!a"],
      ["laptop", "!b"],
      ["laptop", "!a"],
      ["laptop", "!a"],
      ["phone", "!a"],
    ),
    ["a laptop", "b laptop", "Too many requests. Try again in 8s.", "a phone"],
  );
});

Deno.test("the window slides: each call counts for ten seconds, and refused calls do not count", async () => {
  const lines = Array.from({ length: 13 }, () => ["laptop", "!a"] as const);
  assertEquals(await calls({ limit: 2 }, ...lines), [
    "a laptop",
    "a laptop",
    "Too many requests. Try again in 8s.",
    "a laptop",
    "a laptop",
    "Too many requests. Try again in 8s.",
  ]);
});

Deno.test("per: command limits a command, whoever calls it", async () => {
  assertEquals(
    await calls({ limit: 1, per: "command" }, ["laptop", "!a"], ["phone", "!a"], ["phone", "!b"]),
    ["a laptop", "Too many requests. Try again in 9s.", "b phone"],
  );
});

Deno.test("with per: command, messages that call no command share a limit of their own", async () => {
  assertEquals(
    await calls({ limit: 1, per: "command" }, ["laptop", "!a"], ["phone", "hi"], ["tv", "hi all"]),
    ["a laptop", "hi phone", "Too many requests. Try again in 9s."],
  );
});

Deno.test("per: channel limits everything in the channel", async () => {
  assertEquals(
    await calls({ limit: 1, per: "channel" }, ["laptop", "!a"], ["phone", "!b"], ["tv", "!b"]),
    ["a laptop", "Too many requests. Try again in 9s."],
  );
});

Deno.test("an invalid cooldown is rejected when it is created", () => {
  for (const limit of [0, 1.5, NaN]) {
    assertThrows(
      () => cooldown({ limit, window: "10s" }),
      BotDefinitionError,
      `The limit of a cooldown must be a whole number, 1 or more, not ${limit}.\n  in cooldown(…).limit`,
    );
  }
  for (const window of ["10 parsecs", "", "0s", 0, -1, NaN, Infinity]) {
    assertThrows(
      () => cooldown({ limit: 1, window }),
      BotDefinitionError,
      `more than 0, not ${typeof window === "string" ? `"${window}"` : window}.`,
    );
  }
});

Deno.test("unknown and wrong options of a cooldown are rejected when it is created", () => {
  const limits = { limit: 1, window: "1s" };
  const wrong: readonly [options: unknown, message: string][] = [
    [
      undefined,
      'This must be an object such as { limit: 5, window: "10s" }, not undefined.\n  in cooldown(…)',
    ],
    [5, "not 5.\n  in cooldown(…)"],
    [{ window: "1s" }, "cooldown needs `limit`, a number of messages.\n  in cooldown(…)"],
    [{ limit: 1 }, 'cooldown needs `window`, such as "10s".\n  in cooldown(…)'],
    [
      { ...limits, limt: 1 },
      'cooldown has no option "limt". Did you mean "limit"?\n  in cooldown(…).limt',
    ],
    [{ ...limits, max: 1 }, 'cooldown has no option "max". Write `limit`.\n  in cooldown(…).max'],
    [{ ...limits, Window: "1s" }, 'cooldown has no option "Window". Did you mean "window"?'],
    [{ ...limits, key: "a" }, 'cooldown has no option "key". It can have: limit, window, per.'],
    [
      { ...limits, per: "devices" },
      '`per` must be "device" or "command" or "channel", not "devices". Did you mean "device"?\n  in cooldown(…).per',
    ],
    [{ ...limits, per: 1 }, "not 1.\n  in cooldown(…).per"],
    [
      { limit: "1", window: "1s" },
      '`limit` must be a whole number, 1 or more, not "1".\n  in cooldown(…).limit',
    ],
    [{ limit: 1, window: ["1s"] }, "not an array of 1.\n  in cooldown(…).window"],
  ];
  for (const [options, message] of wrong) {
    const create = () => Reflect.apply(cooldown, undefined, [options]);
    assertThrows(create, BotDefinitionError, message);
  }
});

/** A bot with a flow of three questions, inside `cooldown`. */
function wizard(options: Omit<CooldownOptions, "window">): Bot {
  const steps = Object.fromEntries(["a", "b", "c:int"].map((key) => [key, { ask: `${key}?` }]));
  return defineBot({
    name: "wizard",
    use: [cooldown({ ...options, window: "1h" })],
    flows: { go: flow({ version: 1, state: () => ({}), steps, done: "Done.", timeout: "10m" }) },
    commands: {
      "go": ({ startFlow }) => startFlow("go"),
      "ask": async ({ ask }) => `${await ask("one?")} ${await ask("two?")}`,
      "wipe": { confirm: "Sure?", run: "Wiped." },
      "ping": "pong",
    },
    hears: [[/^hi/, "hello"]],
  });
}

const refused = "Too many requests. Try again in 1h.";
const conversations: readonly (readonly [
  name: string,
  options: Omit<CooldownOptions, "window">,
  lines: readonly string[],
  replies: readonly string[],
])[] = [
  ["a flow, limit 3", { limit: 3 }, ["!go", "x", "y", "3"], [
    "a? (text) [n6a]",
    "b? (text) [n6a]",
    "c:int? (whole number) [n6a]",
    "Done.",
  ]],
  ["a flow, limit 1", { limit: 1 }, ["!go", "x", "y", "3"], [
    "a? (text) [n6a]",
    "b? (text) [n6a]",
    "c:int? (whole number) [n6a]",
    "Done.",
  ]],
  ["a flow, per command", { limit: 1, per: "command" }, ["hi", "!go", "x", "y", "3"], [
    ...["hello", "a? (text) [n6a]", "b? (text) [n6a]", "c:int? (whole number) [n6a]", "Done."],
  ]],
  ["a flow, per channel", { limit: 1, per: "channel" }, ["!go", "x", "y", "3"], [
    ...["a? (text) [n6a]", "b? (text) [n6a]", "c:int? (whole number) [n6a]", "Done."],
  ]],
  ["invalid answers", { limit: 1 }, ["!go", "x", "y", "many", "more", "3"], [
    ...["a? (text) [n6a]", "b? (text) [n6a]", "c:int? (whole number) [n6a]"],
    'Your answer must be a whole number such as 42, not "many".',
    'Your answer must be a whole number such as 42, not "more".',
    "Done.",
  ]],
  ["the cancel word", { limit: 1 }, ["!go", "x", "cancel"], [
    "a? (text) [n6a]",
    "b? (text) [n6a]",
    "Cancelled.",
  ]],
  ["answers that look like other messages", { limit: 1 }, ["!go", "hi", "ping", "3"], [
    ...["a? (text) [n6a]", "b? (text) [n6a]", "c:int? (whole number) [n6a]", "Done."],
  ]],
  ["answers to ask", { limit: 1 }, ["!ask", "1", "2"], [
    "one? (text) [n6a]",
    "two? (text) [n6a]",
    "1 2",
  ]],
  ["an answer to a confirmation", { limit: 1 }, ["!wipe", "yes"], [
    "Sure? (yes|no) [n6a]",
    "Wiped.",
  ]],
  ["but commands during a flow", { limit: 2 }, ["!go", "x", "!ping", "!ping", "y", "3"], [
    ...[
      "a? (text) [n6a]",
      "b? (text) [n6a]",
      "pong",
      refused,
      "c:int? (whole number) [n6a]",
      "Done.",
    ],
  ]],
  ["and messages after a flow", { limit: 1 }, ["!go", "x", "y", "3", "hi"], [
    ...["a? (text) [n6a]", "b? (text) [n6a]", "c:int? (whole number) [n6a]", "Done.", refused],
  ]],
];
for (const [name, options, lines, replies] of conversations) {
  Deno.test(`answers do not count: ${name}`, async () => {
    assertEquals((await answers(wizard(options), ...lines)).flat(), replies);
  });
}

Deno.test("an answer that comes too late counts once, as the message that it is then", async () => {
  await using room = await testBot(wizard({ limit: 2 }));
  const phone = room.device("phone");
  assertEquals(await phone.say("!go"), ["a? (text) [n6a]"]);
  await room.advance(600_000);
  assertEquals(await phone.say("hi"), ['No answer in time: "go" has ended.', "hello"]);
  assertEquals(await phone.say("hi"), ["Too many requests. Try again in 50m."]);
});

Deno.test("middleware can see which flow a message answers", async () => {
  const seen: (string | undefined)[] = [];
  const bot = defineBot({
    name: "helper",
    use: [(ctx, next) => {
      seen.push(ctx.flow);
      return next();
    }],
    flows: { go: flow({ version: 1, state: () => ({}), steps: { "a": { ask: "?" } } }) },
    commands: { "go": ({ startFlow }) => startFlow("go") },
    hears: [[/hi/, "hello"]],
  });
  await answers(bot, "!go", "x", "hi");
  assertEquals(seen, [undefined, "go", undefined]);
});

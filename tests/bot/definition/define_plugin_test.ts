import {
  BotDefinitionError,
  cooldown,
  defineBot,
  defineGroup,
  definePlugin,
  flow,
  type Middleware,
  type SessionDefinition,
} from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals, assertThrows } from "@std/assert";

const signing: Middleware<{ sign: (text: string) => string }> = (ctx, next) =>
  next({ sign: (text) => `${text} (${ctx.device})` });

const notes = definePlugin({
  name: "notes",
  use: [signing],
  session: { initial: () => ({ notes: [] as string[] }) },
  commands: {
    "note <text...>": ({ args, session, sign }) => `${session.notes.push(sign(args.text))}`,
    "notes": ({ session }) => session.notes.join(", "),
  },
  hears: [[/^remember (.+)/, ({ match, session }) => `${session.notes.push(match[1] ?? "")}`]],
});

Deno.test("a plug-in adds commands and handlers, and state for the bot's handlers", async () => {
  const bot = defineBot({
    name: "helper",
    use: [notes],
    commands: { "hello": ({ sign }) => sign("Hello") },
  });
  assertEquals(
    await answers(bot, "!hello", "!note milk", "remember bread", "!notes", "!help notes"),
    [["Hello (phone)"], ["1"], ["2"], ["milk (phone), bread"], ["!notes"]],
  );
});

Deno.test("the sessions of a plug-in and its bot are separate", async () => {
  const bot = defineBot({
    name: "helper",
    use: [notes],
    session: { initial: () => ({ notes: 100 }) },
    commands: { "count": ({ session }) => `${++session.notes}` },
  });
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!note milk");
  await phone.say("!count");
  room.crash();
  await room.restart();
  assertEquals(await phone.say("!notes"), ["milk (phone)"]);
  assertEquals(await phone.say("!count"), ["102"]);
});

Deno.test("a plug-in's middleware runs at its position in use", async () => {
  const trace: string[] = [];
  const traced = (name: string): Middleware => async (_, next) => {
    trace.push(name);
    await next();
  };
  const inner = definePlugin({ name: "inner", use: [traced("inner")] });
  const outer = definePlugin({
    name: "outer",
    use: [traced("first"), inner],
    groups: [{ use: [traced("own")], commands: { "theirs": "theirs" } }],
  });
  const bot = defineBot({
    name: "helper",
    use: [traced("before"), outer, traced("after")],
    commands: { "mine": "mine" },
  });
  await answers(bot, "!mine");
  assertEquals(trace.splice(0), ["before", "first", "inner", "after"]);
  await answers(bot, "!theirs");
  assertEquals(trace, ["before", "first", "inner", "after", "own"]);
});

Deno.test("in a group, a plug-in's state is limited to the group", async () => {
  const seen: unknown[] = [];
  const group = defineGroup({ use: [notes], commands: { "in": ({ sign }) => sign("in") } });
  const bot = defineBot({
    name: "helper",
    groups: [group],
    commands: {
      "out": (ctx) => {
        seen.push("sign" in ctx);
      },
    },
  });
  assertEquals(await answers(bot, "!in", "!note x", "!out"), [["in (phone)"], ["1"], []]);
  assertEquals(seen, [false]);
});

Deno.test("errors in a plug-in go to its own catch, then to the bot's", async () => {
  const failing = (name: string, answer?: string) =>
    definePlugin({
      name,
      commands: {
        [`${name} fail`]: () => {
          throw new Error(name);
        },
      },
      ...(answer === undefined ? {} : { catch: () => answer }),
    });
  const bot = defineBot({
    name: "helper",
    use: [failing("a", "A is out of order."), failing("b")],
    catch: (error) => `The bot says: ${error instanceof Error ? error.message : ""}`,
  });
  assertEquals(await answers(bot, "!a fail", "!b fail"), [
    ["A is out of order."],
    ["The bot says: b"],
  ]);
});

Deno.test("flows and schedules of a plug-in use its session", async () => {
  const session: SessionDefinition<{ names: string[] }> = { initial: () => ({ names: [] }) };
  const signup = flow({
    version: 1,
    session,
    state: () => ({ name: "" }),
    steps: {
      "name": { ask: "Who?", next: ({ state, answer }) => void (state.name = answer) },
      "save": { run: ({ state, session }) => void session.names.push(state.name) },
    },
    done: ({ session }) => `${session.names.length} by now.`,
  });
  const guests = definePlugin({
    name: "guests",
    session,
    flows: { signup },
    commands: { "join": ({ startFlow }) => startFlow("signup") },
    schedule: { list: { every: "1h", run: ({ session }) => session.names.join(", ") } },
  });
  await using room = await testBot(defineBot({ name: "helper", use: [guests] }));
  const phone = room.device("phone");
  await phone.say("!join");
  assertEquals(await phone.say("Ada"), ["1 by now."]);
  assertEquals(await room.advance(3_600_000), ["Ada"]);
});

const plain = { name: "notes", commands: { "x": "" } } as const;
const wrong: readonly [what: string, define: () => unknown, message: string][] = [
  [
    "a command of both a plug-in and the bot",
    () => defineBot({ name: "b", use: [notes], commands: { "notes": "" } }),
    'Another command, in commands["notes"], already uses the words "notes". Change one of them.\n' +
    '  in use[0] (plug-in "notes"): commands["notes"]\n  notes\n  ^^^^^',
  ],
  [
    "two plug-ins with the same name",
    () => defineBot({ name: "b", use: [notes, definePlugin(plain)] }),
    'The bot already uses a plug-in named "notes". List each plug-in once, or rename one.\n  in use[1]',
  ],
  [
    "a plug-in without a name",
    () => defineBot({ name: "b", groups: [{ use: [definePlugin({ name: " " })] }] }),
    "A plug-in must have a name.\n  in groups[0].use[0]",
  ],
  [
    "an invalid session in a plug-in",
    () =>
      defineBot({
        name: "b",
        use: [definePlugin({ name: "p", session: { initial: () => ({}), ttl: "soon" } })],
      }),
    'A duration must be text such as "90s" or "1h30m", or a number of milliseconds, and more than 0, not "soon".\n' +
    '  in use[0] (plug-in "p"): session.ttl',
  ],
  [
    "a group in a plug-in with another session",
    () =>
      defineBot({
        name: "b",
        use: [
          definePlugin({
            name: "p",
            session: { initial: () => ({}) },
            groups: [defineGroup({ session: { initial: () => ({}) } })],
          }),
        ],
      }),
    "A bot has one session, and so has each plug-in: a group or flow inside must use the same " +
    "object. Put the definition in a constant, and use the constant in both.\n" +
    '  in use[0] (plug-in "p"): groups[0].session',
  ],
];
for (const [what, define, message] of wrong) {
  Deno.test(`${what} is a definition error with its path`, () => {
    assertEquals(assertThrows(define, BotDefinitionError).message, message);
  });
}

Deno.test("built-in middleware works next to plug-ins", async () => {
  const bot = defineBot({
    name: "helper",
    use: [cooldown({ limit: 1, window: "10s" }), notes],
  });
  assertEquals(await answers(bot, "!note a", "!note b"), [
    ["1"],
    ["Too many requests. Try again in 10s."],
  ]);
});

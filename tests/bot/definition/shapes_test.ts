import {
  type Bot,
  BotDefinitionError,
  cooldown,
  defineBot,
  defineGroup,
  definePlugin,
  ignore,
  logger,
  onlyFrom,
  timeout,
} from "@roomz/roomz/bot";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { timesAsLong } from "../../support/times_as_long.ts";

/** What JavaScript can pass to a function that TypeScript would refuse. */
function untyped(define: (definition: never) => unknown, definition: unknown): () => unknown {
  return () => Reflect.apply(define, undefined, [definition]);
}

/** A definition of a bot, without its name; and the message of its error, or the start of it. */
type Mistake = readonly [definition: object, message: string];

const run = "";
const step = { ask: "?" };
const state = () => ({});
const inFlow = (flow: object) => ({
  flows: { f: { version: 1, state, steps: { "a": step }, ...flow } },
});
const inStep = (parts: object) => inFlow({ steps: { "a:int": parts } });
const inCommand = (command: object) => ({ commands: { "go <n:int>": { run, ...command } } });
const inSession = (session: object) => ({ session: { initial: state, ...session } });
const inSchedule = (schedule: object) => ({ schedule: { daily: { run, ...schedule } } });
const inPlugin = (group: object) => ({ use: [{ name: "p", group }] });

const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  "an unknown key of a bot": [
    [{ prefixes: "!" }, 'A bot has no "prefixes". Did you mean "prefix"?\n  in prefixes'],
    [{ hear: [] }, 'A bot has no "hear". Did you mean "hears"?\n  in hear'],
    [{ command: {} }, 'A bot has no "command". Did you mean "commands"?\n  in command'],
    [{ schedules: {} }, 'A bot has no "schedules". Did you mean "schedule"?\n  in schedules'],
    [{ sesion: {} }, 'A bot has no "sesion". Did you mean "session"?\n  in sesion'],
    [{ middleware: [] }, 'A bot has no "middleware". Write `use`.\n  in middleware'],
    [{ plugins: [] }, 'A bot has no "plugins". Plug-ins go into `use`.\n  in plugins'],
    [{ storage: {} }, 'A bot has no "storage". It is an option of runBot.\n  in storage'],
    [
      { "on-error": 1 },
      'A bot has no "on-error". It can have: name, prefix, order, use, session, ',
    ],
    [{ constructor: 1 }, 'A bot has no "constructor". It can have: name, '],
    [JSON.parse('{ "__proto__": 1 }'), 'A bot has no "__proto__". It can have: name, '],
    [{ default: {} }, 'A bot has no "default". This is a whole module: use its default export.'],
  ],
  "an unknown key of a group": [
    [
      { groups: [{ command: {} }] },
      'A group has no "command". Did you mean "commands"?\n  in groups[0].command',
    ],
    [
      { groups: [{}, { uses: [] }] },
      'A group has no "uses". Did you mean "use"?\n  in groups[1].uses',
    ],
    [
      { groups: [{ groups: [{ flow: {} }] }] },
      'A group has no "flow". Did you mean "flows"?\n  in groups[0].groups[0].flow',
    ],
    [
      { groups: [{ name: "admin" }] },
      'A group has no "name". Leave it out, or make a plug-in with definePlugin, for `use`.',
    ],
    [
      { groups: [{ prefix: "?" }] },
      'A group has no "prefix". Only a bot has it.\n  in groups[0].prefix',
    ],
    [{ groups: [{ order: "device" }] }, 'A group has no "order". Only a bot has it.'],
    [
      { groups: [{ onError: () => "" }] },
      'A group has no "onError". Write `catch`.\n  in groups[0].onError',
    ],
    [{ groups: [defineBot({ name: "other" })] }, 'A group has no "name". '],
  ],
  "an unknown key of a plug-in": [
    [
      inPlugin({ hear: [] }),
      'A group has no "hear". Did you mean "hears"?\n  in use[0] (plug-in "p"): hear',
    ],
    [
      inPlugin({ groups: [{ uses: [] }] }),
      'A group has no "uses". Did you mean "use"?\n  in use[0] (plug-in "p"): groups[0].uses',
    ],
    [
      inPlugin(inCommand({ desc: "" })),
      'A command has no "desc". Did you mean "description"?\n  in use[0] (plug-in "p"): commands["go <n:int>"].desc',
    ],
    [
      { use: [{ name: "p", groups: {} }] },
      'A plug-in has no "groups". Make plug-ins with definePlugin; a group goes into `groups`.\n  in use[0].groups',
    ],
    [{ use: [{ commands: {} }] }, 'A plug-in has no "commands". Make plug-ins with definePlugin; '],
    [{ use: [{ name: "p", grup: {} }] }, 'A plug-in has no "grup". Did you mean "group"?'],
    [
      { use: [defineBot({ name: "other" })] },
      'A plug-in has no "manifest". It can have: name, group, ',
    ],
    [inPlugin(inPlugin({ on: { left: "" } })), '`on` has no event "left". '],
  ],
  "an unknown key of a command": [
    [
      inCommand({ descripton: "" }),
      'A command has no "descripton". Did you mean "description"?\n  in commands["go <n:int>"].descripton',
    ],
    [inCommand({ alias: [] }), 'A command has no "alias". Did you mean "aliases"?'],
    [inCommand({ concurent: true }), 'A command has no "concurent". Did you mean "concurrent"?'],
    [inCommand({ Confirm: "?" }), 'A command has no "Confirm". Did you mean "confirm"?'],
    [inCommand({ usage: "" }), 'A command has no "usage". Did you mean "use"?'],
    [
      inCommand({ args: {} }),
      'A command has no "args". Write the arguments into the signature: "roll [sides:int=6]".',
    ],
    [
      { commands: { "go": { handler: () => "" } } },
      'A command has no "handler". Write `run`.\n  in commands["go"].handler',
    ],
    [{ commands: { "todo": { "add": () => "" } } }, 'A command has no "add". '],
    [
      inCommand({ confirm: { question: "?", form: "phone" } }),
      '`confirm` has no "form". Did you mean "from"?\n  in commands["go <n:int>"].confirm.form',
    ],
  ],
  "an unknown key of a schedule": [
    [
      inSchedule({ cron: "0 9 * * *", timezone: "UTC" }),
      'A schedule has no "timezone". Did you mean "timeZone"?\n  in schedule.daily.timezone',
    ],
    [inSchedule({ cron: "0 9 * * *", tz: "UTC" }), 'A schedule has no "tz". Write `timeZone`.'],
    [
      inSchedule({ cron: "0 9 * * *", miss: "once" }),
      'A schedule has no "miss". Did you mean "missed"?',
    ],
    [inSchedule({ evry: "5m" }), 'A schedule has no "evry". Did you mean "every"?'],
    [inSchedule({ corn: "0 9 * * *" }), 'A schedule has no "corn". Did you mean "cron"?'],
    [inSchedule({ every: "5m", handler: "" }), 'A schedule has no "handler". Write `run`.'],
    [
      { schedule: { "every day": { run, day: 1 } } },
      'A schedule has no "day". It can have: cron, every, timeZone, missed, run.\n  in schedule["every day"].day',
    ],
  ],
  "an unknown key of a session": [
    [inSession({ tll: "1d" }), 'A session has no "tll". Did you mean "ttl"?\n  in session.tll'],
    [inSession({ versoin: 2 }), 'A session has no "versoin". Did you mean "version"?'],
    [inSession({ scpoe: "user" }), 'A session has no "scpoe". Did you mean "scope"?'],
    [inSession({ migrations: [] }), 'A session has no "migrations". '],
    [
      { session: { default: state } },
      'A session has no "default". Write `initial: () => ({ … })`.',
    ],
    [
      { session: { count: 0 } },
      'A session has no "count". It can have: initial, version, migrate, ttl, scope.',
    ],
    [
      inFlow({ session: { initial: state, key: "user" } }),
      'A session has no "key". Write `scope`.\n  in flows.f.session.key',
    ],
  ],
  "an unknown key of a flow or a step": [
    [
      inFlow({ timeOut: "1d" }),
      'A flow has no "timeOut". Did you mean "timeout"?\n  in flows.f.timeOut',
    ],
    [inFlow({ stats: state }), 'A flow has no "stats". '],
    [inFlow({ migration: state }), 'A flow has no "migration". Did you mean "migrate"?'],
    [inFlow({ step: {} }), 'A flow has no "step". Did you mean "steps"?'],
    [inFlow({ form: "phone" }), 'A flow has no "form". Did you mean "from"?'],
    [
      inStep({ aks: "?" }),
      'A step has no "aks". Did you mean "ask"?\n  in flows.f.steps["a:int"].aks',
    ],
    [inStep({ ask: "?", rety: "" }), 'A step has no "rety". Did you mean "retry"?'],
    [
      inStep({ ask: "?", type: "int" }),
      'A step has no "type". Write the type into the key: "age:int".',
    ],
    [inStep({ question: "?" }), 'A step has no "question". Write `ask`.'],
  ],
  "a room event that does not exist": [
    [
      { on: { user_join: "" } },
      '`on` has no event "user_join". Did you mean "user_joined"?\n  in on.user_join',
    ],
    [{ on: { userJoined: "" } }, '`on` has no event "userJoined". Did you mean "user_joined"?'],
    [{ on: { message: "" } }, '`on` has no event "message". Write `hears`.'],
    [
      { on: { connected: "" } },
      '`on` has no event "connected". It can have: user_joined, user_left, display_name_changed.',
    ],
    [{ on: { display_name_change: "" } }, 'Did you mean "display_name_changed"?'],
    [{ groups: [{ on: { user_lefft: "" } }] }, "  in groups[0].on.user_lefft"],
  ],
  "a wrong `hears`": [
    [
      { hears: [["hello", "hi"]] },
      'The pattern must be a regular expression, such as /hello/i in [/hello/i, "Hi"], not "hello".\n  in hears[0]',
    ],
    [
      { hears: [/x/, "hi"] },
      'An element of `hears` must be a pair of a pattern and a handler, such as [/hello/i, "Hi"], not the pattern /x/.\n  in hears[0]',
    ],
    [{ hears: [[/x/, "a"], [/y/]] }, "not an array of 1.\n  in hears[1]"],
    [{ hears: [[/x/, "a", "b"]] }, "not an array of 3.\n  in hears[0]"],
    [
      { hears: { "x": "y" } },
      '`hears` must be an array of pairs, such as [[/hello/i, "Hi"]], not an object.\n  in hears',
    ],
    [{ hears: new Map([[/x/, "y"]]) }, "not a Map.\n  in hears"],
    [{ hears: /x/ }, "not the pattern /x/.\n  in hears"],
    [
      { hears: [[/x/, 5]] },
      "The handler must be a string, a function or an async generator function, not 5.\n  in hears[0]",
    ],
    [{ hears: [[/x/, /y/]] }, "not the pattern /y/.\n  in hears[0]"],
    [{ groups: [{ hears: [undefined] }] }, "not undefined.\n  in groups[0].hears[0]"],
    [{ hears: [{ pattern: /x/, run }] }, "not an object.\n  in hears[0]"],
  ],
  "a wrong handler": [
    [
      { commands: { "go": 5 } },
      "A command must be a string, a function, or an object with `run`, not 5.\n" +
      '  in commands["go"]',
    ],
    [{ commands: { "go": undefined } }, 'not undefined.\n  in commands["go"]'],
    [{ commands: { "go": ["a"] } }, 'not an array of 1.\n  in commands["go"]'],
    [
      { commands: { "go": Promise.resolve("a") } },
      'not a Promise. Await it first.\n  in commands["go"]',
    ],
    [{ commands: { "go": class Deploy {} } }, 'not the class Deploy.\n  in commands["go"]'],
    [{ commands: { "go": function* () {} } }, 'not a generator function.\n  in commands["go"]'],
    [
      { commands: { "go": {} } },
      'A command needs `run`, the reply or the handler.\n  in commands["go"]',
    ],
    [inCommand({ run: undefined }), "A command needs `run`, the reply or the handler."],
    [
      inCommand({ run: null }),
      "`run` must be a string, a function or an async generator function, not null.\n" +
      '  in commands["go <n:int>"].run',
    ],
    [
      { on: { user_left: true } },
      "`user_left` must be a string, a function or an async generator function, not true.\n  in on.user_left",
    ],
    [inSchedule({ every: "5m", run: { text: "" } }), "not an object.\n  in schedule.daily.run"],
    [inFlow({ done: 1n }), "not 1n.\n  in flows.f.done"],
    [
      { catch: "Sorry." },
      '`catch` must be a function that returns the reply: () => "Sorry.", not "Sorry.".\n  in catch',
    ],
    [{ groups: [{ catch: class {} }] }, "not the class catch.\n  in groups[0].catch"],
  ],
  "a wrong object of definitions": [
    [{ commands: ["ping", "pong"] }, "`commands` must be an object whose keys are signatures: "],
    [{ commands: new Map([["ping", "pong"]]) }, "not a Map.\n  in commands"],
    [{ commands: () => ({ "ping": "pong" }) }, "not a function.\n  in commands"],
    [{ commands: new (class Commands {})() }, "not a Commands.\n  in commands"],
    [{ commands: Promise.resolve({}) }, "not a Promise. Await it first.\n  in commands"],
    [
      { flows: [] },
      "`flows` must be an object of flows: { signup: flow({ … }) }, not an empty array.\n  in flows",
    ],
    [
      { flows: { "f": "What?" } },
      'A flow must be a flow made by flow({ … }), not "What?".\n  in flows.f',
    ],
    [
      { schedule: "0 9 * * *" },
      '`schedule` must be an object of schedules: { disk: { every: "5m", run: "…" } }, not "0 9 * * *".',
    ],
    [
      { schedule: { daily: "0 9 * * *" } },
      'A schedule must be an object such as { every: "5m", run: "…" } or ',
    ],
    [{ schedule: [{ every: "5m", run }] }, "not an array of 1.\n  in schedule"],
    [
      { on: () => "" },
      "`on` must be an object of handlers: { user_joined: (ctx) => { … } }, not a function.\n  in on",
    ],
    [
      { session: state },
      "`session` must be an object such as { initial: () => ({ count: 0 }) }, not a function.\n  in session",
    ],
    [{ session: null }, "not null.\n  in session"],
    [
      { groups: { admin: {} } },
      "`groups` must be an array of groups, such as [{ use: […], commands: { … } }], not an object.\n  in groups",
    ],
    [
      { groups: [() => ({})] },
      "A group must be an object such as { use: […], commands: { … } }, not a function.\n  in groups[0]",
    ],
    [{ groups: [Promise.resolve({})] }, "not a Promise. Await it first.\n  in groups[0]"],
    [inFlow({ steps: [step] }), "`steps` must be an object whose keys name the steps: "],
    [
      inFlow({ steps: { "a": "What?" } }),
      'A step must be an object such as { ask: "What is your name?" }, or { run: (ctx) => { … } }, not "What?".\n  in flows.f.steps["a"]',
    ],
  ],
  "a wrong `use`": [
    [
      { use: logger() },
      "`use` must be an array of middleware and plug-ins, such as [logger()], not an async function.\n  in use",
    ],
    [
      { use: ["logger"] },
      'Middleware must be a function, async (ctx, next) => { … }, or a plug-in made by definePlugin, not "logger".\n  in use[0]',
    ],
    [{ use: [logger] }, "This function makes middleware. Call it: logger().\n  in use[0]"],
    [{ use: [cooldown] }, "Call it: cooldown({ limit: 5, window: "],
    [{ use: [timeout] }, "Call it: timeout("],
    [
      inCommand({ use: [onlyFrom] }),
      'Call it: onlyFrom("laptop").\n  in commands["go <n:int>"].use[0]',
    ],
    [{ groups: [{ use: [logger(), ignore] }] }, "in groups[0].use[1]"],
    [{ use: [Promise.resolve(logger())] }, "not a Promise. Await it first.\n  in use[0]"],
    [{ use: [[logger()]] }, "not an array of 1.\n  in use[0]"],
    [{ use: [class Admin {}] }, "not the class Admin.\n  in use[0]"],
    [{ use: [async function* () {}] }, "not an async generator function.\n  in use[0]"],
    [{ use: [false] }, "not false.\n  in use[0]"],
    [{ use: [{}] }, "A plug-in needs `name`.\n  in use[0]"],
    [{ use: [{ name: "p" }] }, "A plug-in needs `group`. Make plug-ins with definePlugin; "],
    [{ use: [{ name: 5, group: {} }] }, "`name` must be a string, not 5.\n  in use[0].name"],
    [
      inCommand({ use: logger() }),
      '`use` must be an array of middleware, such as [onlyFrom("laptop")], not an async function.',
    ],
    [
      inCommand({ use: [definePlugin({ name: "p" })] }),
      "Middleware must be a function: async (ctx, next) => { … }, not an object.",
    ],
  ],
  "a wrong setting of a bot": [
    [{ name: 5 }, "`name` must be a string, not 5.\n  in name"],
    [{ name: undefined }, "A bot needs `name`, which is also its display name."],
    [{ name: null }, "`name` must be a string, not null.\n  in name"],
    [{ name: Promise.resolve("x") }, "not a Promise. Await it first.\n  in name"],
    [
      { prefix: 5 },
      '`prefix` must be a string or an array of strings, such as "!" or ["!", "/"], not 5.\n  in prefix',
    ],
    [{ prefix: ["!", 5] }, "not an array of 2.\n  in prefix"],
    [{ prefix: /!/ }, "not the pattern /!/.\n  in prefix"],
    [{ prefix: null }, "not null.\n  in prefix"],
    [
      { order: "devices" },
      '`order` must be "device" or "channel", not "devices". Did you mean "device"?\n  in order',
    ],
    [{ order: "room" }, '`order` must be "device" or "channel", not "room".\n  in order'],
    [{ order: true }, "not true.\n  in order"],
  ],
  "a wrong setting of a command": [
    [
      inCommand({ description: ["a"] }),
      '`description` must be a string, not an array of 1.\n  in commands["go <n:int>"].description',
    ],
    [
      inCommand({ aliases: "t" }),
      '`aliases` must be an array of strings, such as ["t", "todo new"], not "t".\n  in commands["go <n:int>"].aliases',
    ],
    [
      inCommand({ aliases: ["t", 5] }),
      'An alias must be a string, not 5.\n  in commands["go <n:int>"].aliases[1]',
    ],
    [inCommand({ aliases: new Set(["t"]) }), "not a Set."],
    [inCommand({ concurrent: "yes" }), '`concurrent` must be true or false, not "yes".'],
    [inCommand({ concurrent: 1 }), "`concurrent` must be true or false, not 1."],
    [
      inCommand({ confirm: true }),
      '`confirm` must be a question such as "Sure?", a function that makes it and is not async, or { question, from }, not true.',
    ],
    [inCommand({ confirm: async () => await "?" }), "not an async function."],
    [inCommand({ confirm: ["Sure?"] }), "not an array of 1."],
    [inCommand({ confirm: {} }), '`confirm` needs `question`, such as "Sure?".'],
    [
      inCommand({ confirm: { question: 5 } }),
      '`question` must be a string, or a function that is not async: (ctx) => `…`, not 5.\n  in commands["go <n:int>"].confirm.question',
    ],
    [
      inCommand({ confirm: { question: "?", from: ["phone"] } }),
      "`from` must be a string, not an array of 1.",
    ],
  ],
  "a wrong setting of a schedule": [
    [
      inSchedule({}),
      'A schedule needs `cron`, such as "0 9 * * 1-5", or `every`, such as "5m".\n  in schedule.daily',
    ],
    [
      inSchedule({ every: "5m", cron: "0 9 * * *" }),
      "A schedule has either `cron` or `every`. Remove one.",
    ],
    [inSchedule({ every: "1d", timeZone: "UTC" }), "`timeZone` does not go with `every`"],
    [
      inSchedule({ cron: ["0 9 * * *"] }),
      '`cron` must be a cron expression such as "0 9 * * 1-5", not an array of 1.\n  in schedule.daily.cron',
    ],
    [
      inSchedule({ every: ["5m"] }),
      '`every` must be text such as "90s" or "1h30m", or a number of milliseconds, not an array of 1.',
    ],
    [inSchedule({ every: new Date(0) }), "not a Date.\n  in schedule.daily.every"],
    [
      inSchedule({ cron: "0 9 * * *", timeZone: 2 }),
      '`timeZone` must be a name such as "Europe/Brussels", not 2.',
    ],
    [
      inSchedule({ every: "5m", missed: "one" }),
      '`missed` must be "skip" or "once", not "one". Did you mean "once"?',
    ],
    [
      inSchedule({ every: "5m", missed: true }),
      '`missed` must be "skip" or "once", not true.\n  in schedule.daily.missed',
    ],
    [
      { schedule: { daily: { every: "5m" } } },
      "A schedule needs `run`, the text to send or a handler.",
    ],
  ],
  "a wrong setting of a session": [
    [{ session: {} }, "A session needs `initial`, such as () => ({ count: 0 }).\n  in session"],
    [
      inSession({ initial: { count: 0 } }),
      "`initial` must be a function that is not async, such as () => ({ count: 0 }), not an object.\n  in session.initial",
    ],
    [inSession({ initial: async () => await {} }), "not an async function.\n  in session.initial"],
    [inSession({ initial: class Session {} }), "not the class Session.\n  in session.initial"],
    [
      inSession({ version: "2" }),
      '`version` must be a whole number, 1 or more, not "2".\n  in session.version',
    ],
    [
      inSession({ ttl: ["1d"] }),
      '`ttl` must be text such as "90s" or "1h30m", or a number of milliseconds, not an array of 1.',
    ],
    [inSession({ scope: "room" }), '`scope` must be "device" or "user" or "channel", not "room".'],
    [inSession({ scope: "devices" }), 'Did you mean "device"?\n  in session.scope'],
    [
      inSession({ migrate: async () => await {} }),
      "`migrate` must be a function that is not async: (old, version) => ({ … }), not an async function.",
    ],
    [inSession({ migrate: [] }), "not an empty array.\n  in session.migrate"],
  ],
  "a wrong setting of a flow or a step": [
    [
      { flows: { f: { version: 1, state } } },
      'A flow needs `steps`, such as { "name": { ask: "What is your name?" } }.\n  in flows.f',
    ],
    [
      inFlow({ version: undefined }),
      "A flow needs `version`: 1, and a higher one when its steps or state change.",
    ],
    [
      inFlow({ version: "1" }),
      '`version` must be a whole number, 1 or more, not "1".\n  in flows.f.version',
    ],
    [
      inFlow({ state: {} }),
      '`state` must be a function that is not async, such as () => ({ name: "" }), not an object.',
    ],
    [inFlow({ state: undefined }), 'A flow needs `state`, such as () => ({ name: "" }).'],
    [
      inFlow({ cancel: true }),
      "`cancel` must be a word, or false for none, not true.\n  in flows.f.cancel",
    ],
    [inFlow({ cancel: "" }), '`cancel` must be a word, or false for none, not "".'],
    [inFlow({ cancel: ["stop"] }), "not an array of 1.\n  in flows.f.cancel"],
    [inFlow({ from: true }), "`from` must be a string, not true.\n  in flows.f.from"],
    [inFlow({ timeout: true }), "`timeout` must be text such as "],
    [
      inFlow({ migrate: {} }),
      "`migrate` must be a function that is not async: (old) => ({ step, state }), not an object.",
    ],
    [
      inStep({}),
      "A step needs `ask`, a question, or `run`, work to do.\n" + '  in flows.f.steps["a:int"]',
    ],
    [
      inStep({ ask: "?", run: () => {} }),
      "A step either asks or works: `run` does not go with `ask`, `retry` or `next`. Make two steps.",
    ],
    [inStep({ run: () => {}, next: () => {} }), "A step either asks or works: "],
    [
      inStep({ ask: async () => await "?" }),
      "`ask` must be a string, or a function that is not async: (state) => `…`, not an async function.",
    ],
    [inStep({ ask: 5 }), "not 5.\n" + '  in flows.f.steps["a:int"].ask'],
    [
      inStep({ ask: "?", next: async () => {} }),
      "`next` must be a function that is not async: work belongs in a step with `run`, not an async function.",
    ],
    [inStep({ ask: "?", next: "b" }), 'not "b".'],
    [inStep({ ask: "?", retry: () => "" }), "`retry` must be a string, not a function."],
    [inStep({ run: "done" }), '`run` must be a function: (ctx) => { … }, not "done".'],
    [inStep({ run: async function* () {} }), "not an async generator function."],
  ],
};
for (const [kind, inputs] of Object.entries(mistakes)) {
  Deno.test(`${kind} is a definition error with its path and what to write instead`, () => {
    for (const [definition, message] of inputs) {
      const define = untyped(defineBot, { name: "x", ...definition });
      assertThrows(define, BotDefinitionError, message);
    }
  });
}

Deno.test("what is not a definition at all is a definition error of the function", () => {
  const expected = 'an object such as { name: "helper", commands: { "ping": "pong" } }';
  const values: readonly [value: unknown, described: string][] = [
    [undefined, "undefined."],
    [null, "null."],
    ["helper", '"helper".'],
    [[], "an empty array."],
    [() => ({ name: "x" }), "a function."],
    [Promise.resolve({ name: "x" }), "a Promise. Await it first."],
    [new Map(), "a Map."],
  ];
  for (const [value, described] of values) {
    assertEquals(
      assertThrows(untyped(defineBot, value), BotDefinitionError).message,
      `The definition must be ${expected}, not ${described}\n  in defineBot(…)`,
    );
    assertThrows(untyped(defineGroup, value), BotDefinitionError, "in defineGroup(…)");
    assertThrows(untyped(definePlugin, value), BotDefinitionError, "in definePlugin(…)");
  }
});

Deno.test("defineGroup and definePlugin report mistakes themselves", () => {
  const inBoth: readonly [definition: object, path: string][] = [
    [{ hears: [["a", "b"]] }, ".hears[0]"],
    [{ command: {} }, ".command"],
    [inCommand({ aliases: "a" }), '.commands["go <n:int>"].aliases'],
    [inSchedule({ evry: "5m" }), ".schedule.daily.evry"],
    [inStep({ aks: "?" }), '.flows.f.steps["a:int"].aks'],
    [inSession({ tll: "5m" }), ".session.tll"],
    [{ use: ["a"] }, ".use[0]"],
    [{ prefix: "?" }, ".prefix"],
  ];
  for (const [definition, path] of inBoth) {
    const group = assertThrows(untyped(defineGroup, definition), BotDefinitionError);
    assertEquals(group.path, `defineGroup(…)${path}`);
    const plugin = untyped(definePlugin, { name: "p", ...definition });
    assertEquals(assertThrows(plugin, BotDefinitionError).path, `definePlugin(…)${path}`);
  }
  const names: readonly [name: unknown, message: string][] = [
    [undefined, "A plug-in needs `name`.\n  in definePlugin(…)"],
    [5, "`name` must be a string, not 5.\n  in definePlugin(…).name"],
    [null, "`name` must be a string, not null.\n  in definePlugin(…).name"],
  ];
  for (const [name, message] of names) {
    const define = untyped(definePlugin, { name });
    assertEquals(assertThrows(define, BotDefinitionError).message, message);
  }
});

Deno.test("unusual definitions that work are accepted", () => {
  class Deploy {
    readonly description = "Deploy";
    run() {
      return "Deployed.";
    }
  }
  const accepted: readonly object[] = [
    { prefix: undefined, use: undefined, commands: undefined, hears: undefined, on: undefined },
    { commands: Object.assign(Object.create(null), { "ping": "pong" }) },
    { commands: { "deploy": new Deploy() } },
    { commands: Object.freeze({ "constructor": "a", "__proto__x": "b" }) },
    { commands: { "go": async function* () {} }, catch: async function* () {} },
    { use: [() => {}, async () => {}, cooldown({ limit: 1, window: "1s" })] },
    { on: { user_left: undefined } },
    { prefix: [], order: "channel", hears: [[/x/, async () => await "y"]] },
    { schedule: { a: { every: 5_000, cron: undefined, run } } },
    inFlow({ cancel: false, from: undefined }),
    inPlugin({}),
    { commands: { "go": { run, confirm: () => "?", aliases: [] } } },
  ];
  for (const definition of accepted) untyped(defineBot, { name: "x", ...definition })();
});

Deno.test("the time that a definition takes grows with its commands, no faster", () => {
  const define = (count: number): Bot =>
    defineBot({
      name: "x",
      commands: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `command${index} <n:int> [--flag]`,
          { description: "A command", aliases: [`c${index}`], use: [logger()], run },
        ]),
      ),
    });
  const tenSmall = (): void => {
    for (let times = 0; times < 10; times++) define(100);
  };
  const ratio = timesAsLong(() => void define(1_000), tenSmall, 4);
  assert(ratio < 4, `1,000 commands took ${ratio} times as long as ten times 100`);
});

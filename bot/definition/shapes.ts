/**
 * The shapes of all objects in a bot definition: their keys, and what each must be.
 * @module
 */
import { cancelCheck } from "../context/ask.ts";
import type { AnyQuestionStep, AnyWorkStep, Flow } from "../flow/flow.ts";
import { cooldown } from "../middleware/cooldown.ts";
import { ignore, onlyFrom } from "../middleware/device_names.ts";
import { logger } from "../middleware/logger.ts";
import { timeout } from "../middleware/timeout.ts";
import type { CronSchedule } from "../schedule/schedule.ts";
import type { AnySessionDefinition } from "../session/session.ts";
import { durationCheck } from "../signature/duration.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { kindOf } from "../text/described.ts";
import {
  below,
  type Check,
  checkShape,
  either,
  element,
  fits,
  type Flaw,
  isRecord,
  listOf,
  mapOf,
  mustBe,
  oneOf,
  recordOf,
} from "../text/shape.ts";
import type {
  AnyBotDefinition,
  Command,
  Confirmation,
  Group,
  Plugin,
  RoomEvents,
} from "./definition.ts";

const isText = (value: unknown) => typeof value === "string";
const text = fits("a string", isText);
const anything: Check = { find: () => undefined };
const bool = fits("true or false", (value) => typeof value === "boolean");
const version = fits("a whole number, 1 or more", (value) => typeof value === "number");
/** Whether a value can be called and has a result; a generator and a class have none. */
function isCallable(value: unknown): boolean {
  const kind = kindOf(value);
  return kind === "function" || kind === "async";
}

/** Whether a value can be called, and its result is not a Promise. */
function isSync(value: unknown): boolean {
  return kindOf(value) === "function";
}

/** Whether a value is a function whose result can be a reply. */
function isReplying(value: unknown): boolean {
  return isCallable(value) || kindOf(value) === "async generator";
}

const isHandler = (value: unknown) => isText(value) || isReplying(value);
const handler = fits("a string, a function or an async generator function", isHandler);

const session = recordOf<keyof AnySessionDefinition>({
  expected: "an object such as { initial: () => ({ count: 0 }) }",
  lacks: "A session has no",
  keys: {
    initial: fits("a function that is not async, such as () => ({ count: 0 })", isSync),
    version,
    migrate: fits("a function that is not async: (old, version) => ({ … })", isSync),
    ttl: durationCheck,
    scope: oneOf("device", "user", "channel"),
  },
  required: { initial: "A session needs `initial`, such as () => ({ count: 0 })." },
  instead: {
    default: "Write `initial: () => ({ … })`.",
    state: "Write `initial: () => ({ … })`.",
    key: "Write `scope`.",
  },
});

const step = recordOf<keyof AnyQuestionStep | keyof AnyWorkStep>({
  expected: 'an object such as { ask: "What is your name?" }, or { run: (ctx) => { … } }',
  lacks: "A step has no",
  keys: {
    ask: fits(
      "a string, or a function that is not async: (state) => `…`",
      (value) => isText(value) || isSync(value),
    ),
    retry: text,
    next: fits("a function that is not async: work belongs in a step with `run`", isSync),
    run: fits("a function: (ctx) => { … }", isCallable),
  },
  instead: {
    question: "Write `ask`.",
    prompt: "Write `ask`.",
    type: 'Write the type into the key: "age:int".',
    handler: "Write `run`, or `next` for what an answer does.",
  },
  conflict({ ask, retry, next, run }) {
    if (ask === undefined && run === undefined) {
      return "A step needs `ask`, a question, or `run`, work to do.";
    }
    if (run === undefined || (ask === undefined && retry === undefined && next === undefined)) {
      return undefined;
    }
    return "A step either asks or works: `run` does not go with `ask`, `retry` or `next`. Make two steps.";
  },
});

const flow = recordOf<keyof Flow>({
  expected: "a flow made by flow({ … })",
  lacks: "A flow has no",
  keys: {
    version,
    state: fits('a function that is not async, such as () => ({ name: "" })', isSync),
    session,
    steps: mapOf(
      'an object whose keys name the steps: { "age:int": { ask: "How old are you?" } }',
      "A step",
      step,
      element,
    ),
    done: handler,
    cancel: cancelCheck,
    from: text,
    timeout: durationCheck,
    migrate: fits("a function that is not async: (old) => ({ step, state })", isSync),
  },
  required: {
    version: "A flow needs `version`: 1, and a higher one when its steps or state change.",
    state: 'A flow needs `state`, such as () => ({ name: "" }).',
    steps: 'A flow needs `steps`, such as { "name": { ask: "What is your name?" } }.',
  },
  instead: {
    initial: "Write `state`.",
    questions: "Write `steps`.",
    end: "Write `done`.",
    ttl: "Write `timeout`.",
  },
});

const schedule = recordOf<keyof CronSchedule>({
  expected: 'an object such as { every: "5m", run: "…" } or { cron: "0 9 * * 1-5", run: "…" }',
  lacks: "A schedule has no",
  keys: {
    cron: fits('a cron expression such as "0 9 * * 1-5"', isText),
    every: durationCheck,
    timeZone: fits('a name such as "Europe/Brussels"', isText),
    missed: oneOf("skip", "once"),
    run: handler,
  },
  required: { run: "A schedule needs `run`, the text to send or a handler." },
  instead: {
    tz: "Write `timeZone`.",
    zone: "Write `timeZone`.",
    at: 'Write a `cron` expression such as "0 9 * * 1-5".',
    interval: "Write `every`.",
    handler: "Write `run`.",
  },
  conflict({ cron, every, timeZone }) {
    if (cron !== undefined && every !== undefined) {
      return "A schedule has either `cron` or `every`. Remove one.";
    }
    if (cron === undefined && every === undefined) {
      return 'A schedule needs `cron`, such as "0 9 * * 1-5", or `every`, such as "5m".';
    }
    if (every === undefined || timeZone === undefined) return undefined;
    return "`timeZone` does not go with `every`, which runs at multiples since 1970 UTC. Use `cron`.";
  },
});

/** What people put into `use` without calling it: they are no middleware, but make one. */
const makers: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [cooldown, 'cooldown({ limit: 5, window: "10s" })'],
  [ignore, 'ignore("parrot")'],
  [logger, "logger()"],
  [onlyFrom, 'onlyFrom("laptop")'],
  [timeout, 'timeout("10s")'],
]);

function findInMiddleware(value: unknown, expected: string): Flaw | undefined {
  const call = makers.get(value);
  if (call !== undefined) {
    return { path: "", problem: `This function makes middleware. Call it: ${call}.` };
  }
  return isCallable(value) ? undefined : mustBe("Middleware", expected, value);
}

const guard: Check = {
  find: (value) => findInMiddleware(value, "a function: async (ctx, next) => { … }"),
};

const question = fits(
  "a string, or a function that is not async: (ctx) => `…`",
  (value) => isText(value) || isSync(value),
);

const confirmation = recordOf<keyof Confirmation<never>>({
  expected: 'a question such as "Sure?"',
  lacks: "`confirm` has no",
  keys: { question, from: text },
  required: { question: '`confirm` needs `question`, such as "Sure?".' },
});

const confirm = fits(
  'a question such as "Sure?", a function that makes it and is not async, or { question, from }',
  (value) => isText(value) || isSync(value),
);

const command = recordOf<keyof Command<never>>({
  expected: "a string, a function, or an object with `run`",
  lacks: "A command has no",
  keys: {
    description: text,
    aliases: listOf('an array of strings, such as ["t", "todo new"]', "An alias", text),
    use: listOf('an array of middleware, such as [onlyFrom("laptop")]', "Middleware", guard),
    confirm: either((value) => isRecord(value) ? confirmation : confirm),
    concurrent: bool,
    run: handler,
  },
  required: { run: "A command needs `run`, the reply or the handler." },
  instead: {
    handler: "Write `run`.",
    execute: "Write `run`.",
    action: "Write `run`.",
    reply: "Write `run`.",
    help: "Write `description`.",
    summary: "Write `description`.",
    middleware: "Write `use`.",
    args: 'Write the arguments into the signature: "roll [sides:int=6]".',
    options: 'Write the flags into the signature: "deploy [--dry-run]".',
    commands: 'A subcommand is a command of its own: "todo add".',
    subcommands: 'A subcommand is a command of its own: "todo add".',
  },
});

const reply = fits("a string, a function, or an object with `run`", isHandler);
const commandEntry = either((value) => isRecord(value) ? command : reply);

const HEARS = '[/hello/i, "Hi"]';
const pair: Check = {
  find(value, subject) {
    if (!Array.isArray(value) || value.length !== 2) {
      return mustBe(subject, `a pair of a pattern and a handler, such as ${HEARS}`, value);
    }
    if (!(value[0] instanceof RegExp)) {
      return mustBe("The pattern", `a regular expression, such as /hello/i in ${HEARS}`, value[0]);
    }
    return handler.find(value[1], "The handler");
  },
};

const roomEvents = recordOf<keyof RoomEvents>({
  expected: "an object of handlers: { user_joined: (ctx) => { … } }",
  lacks: "`on` has no event",
  keys: { user_joined: handler, user_left: handler, display_name_changed: handler },
  instead: { message: "Write `hears`.", message_received: "Write `hears`." },
});

const USED = "a function, async (ctx, next) => { … }, or a plug-in made by definePlugin";

const groupKeys: Readonly<Record<keyof Group, Check>> = {
  use: listOf("an array of middleware and plug-ins, such as [logger()]", "Middleware", {
    find: (value) => isRecord(value) ? findInPlugin(value) : findInMiddleware(value, USED),
  }),
  session,
  flows: mapOf("an object of flows: { signup: flow({ … }) }", "A flow", flow),
  commands: mapOf(
    'an object whose keys are signatures: { "roll [sides:int=6]": ({ args }) => … }',
    "A command",
    commandEntry,
    element,
  ),
  groups: listOf("an array of groups, such as [{ use: […], commands: { … } }]", "A group", {
    find: (value, subject) => group.find(value, subject),
  }),
  on: roomEvents,
  hears: listOf(`an array of pairs, such as [${HEARS}]`, "An element of `hears`", pair),
  schedule: mapOf(
    'an object of schedules: { disk: { every: "5m", run: "…" } }',
    "A schedule",
    schedule,
  ),
  catch: fits('a function that returns the reply: () => "Sorry."', isReplying),
};

const groupInstead = {
  middleware: "Write `use`.",
  plugins: "Plug-ins go into `use`.",
  events: "Write `on`.",
  onError: "Write `catch`.",
  error: "Write `catch`.",
  initial: "Write `session: { initial: … }`.",
  state: "Write `session: { initial: … }`.",
  cron: 'Write `schedule: { disk: { cron: "…", run: "…" } }`.',
  every: 'Write `schedule: { disk: { every: "…", run: "…" } }`.',
};

const group = recordOf<keyof Group>({
  expected: "an object such as { use: […], commands: { … } }",
  lacks: "A group has no",
  keys: groupKeys,
  instead: {
    ...groupInstead,
    name: "Leave it out, or make a plug-in with definePlugin, for `use`.",
    group: "A plug-in goes into `use`.",
    prefix: "Only a bot has it.",
    order: "Only a bot has it.",
  },
});

const pluginDefinition = recordOf<keyof Group | "name">({
  expected: 'an object such as { name: "notes", commands: { … } }',
  lacks: "A plug-in has no",
  keys: { name: text, ...groupKeys },
  required: { name: "A plug-in needs `name`." },
  instead: { ...groupInstead, prefix: "Only a bot has it.", order: "Only a bot has it." },
});

const MADE = "Make plug-ins with definePlugin; a group goes into `groups`.";

const plugin = recordOf<keyof Plugin>({
  expected: "a plug-in made by definePlugin",
  lacks: "A plug-in has no",
  keys: { name: text, group: anything, "~added": anything },
  required: { name: "A plug-in needs `name`.", group: `A plug-in needs \`group\`. ${MADE}` },
  instead: Object.fromEntries(Object.keys(groupKeys).map((key) => [key, MADE])),
});

/** Finds the mistakes in a plug-in, with paths as in `use[0] (plug-in "notes"): commands`. */
function findInPlugin(value: Readonly<Record<string, unknown>>): Flaw | undefined {
  const wrong = plugin.find(value, "Middleware");
  if (wrong !== undefined) return wrong;
  const flaw = group.find(value.group, "The plug-in");
  const path = ` (plug-in ${JSON.stringify(value.name)}): `;
  return flaw && below(path, { ...flaw, path: withoutDot(flaw.path) });
}

const botDefinition = recordOf<keyof AnyBotDefinition>({
  expected: 'an object such as { name: "helper", commands: { "ping": "pong" } }',
  lacks: "A bot has no",
  keys: {
    name: text,
    prefix: fits(
      'a string or an array of strings, such as "!" or ["!", "/"]',
      (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
    ),
    order: oneOf("device", "channel"),
    ...groupKeys,
  },
  required: { name: "A bot needs `name`, which is also its display name." },
  instead: {
    ...groupInstead,
    displayName: "Write `name`, which is also the display name.",
    storage: "It is an option of runBot.",
    server: "It is an option of runBot.",
    token: "It is an option of runBot.",
    logger: "It is an option of runBot.",
  },
});

/**
 * Checks what `defineBot` takes.
 * @throws {BotDefinitionError} It has an unknown key, or a value of the wrong shape.
 */
export function checkBot(definition: unknown): void {
  const flaw = botDefinition.find(definition, "The definition");
  if (flaw === undefined) return;
  throw new BotDefinitionError({ ...flaw, path: withoutDot(flaw.path) || "defineBot(…)" });
}

/**
 * Checks what `defineGroup` takes.
 * @throws {BotDefinitionError} It has an unknown key, or a value of the wrong shape.
 */
export function checkGroup(definition: unknown): void {
  checkShape(group, definition, "The definition", "defineGroup(…)");
}

/**
 * Checks what `definePlugin` takes.
 * @throws {BotDefinitionError} It has an unknown key, or a value of the wrong shape.
 */
export function checkPlugin(definition: unknown): void {
  checkShape(pluginDefinition, definition, "The definition", "definePlugin(…)");
}

function withoutDot(path: string): string {
  return path.startsWith(".") ? path.slice(1) : path;
}

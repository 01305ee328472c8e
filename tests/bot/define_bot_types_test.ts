import {
  type AnyArgs,
  type Bot,
  BotDefinitionError,
  type CommandEntry,
  defineBot,
  type MessageContext,
  type Middleware,
} from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { refused } from "./support/refused.ts";
import { holds, type Same, typed } from "./support/types.ts";

const named: Middleware<{ who: string }> = (ctx, next) => next({ who: ctx.user.email });
const silent: Middleware = (_, next) => next();

Deno.test("all types of a definition are inferred", () => {
  const bot = defineBot({
    name: "all",
    use: [
      named,
      silent,
      (ctx, next) => {
        typed<MessageContext>()(ctx);
        return next({ count: 1 });
      },
      async (ctx, next) => {
        if (ctx.device === null) return;
        return await next({ late: true as boolean });
      },
      async (_, next) => {
        await next();
      },
    ],
    commands: {
      "ping": "pong",
      "roll [sides:int=6]": ({ args, who, count, late }) => {
        typed<number>()(args.sides);
        typed<string>()(who);
        typed<number>()(count);
        typed<boolean>()(late);
        return who;
      },
      "gen <n:number...>": async function* ({ args, who }) {
        typed<number[]>()(args.n);
        yield who;
      },
      "deploy <service> [--env:dev|prod]": {
        description: "Deploy",
        aliases: ["d"],
        concurrent: true,
        use: [(ctx, next) => {
          typed<string>()(ctx.args.service);
          typed<string>()(ctx.who);
          return next();
        }, named],
        run: async ({ args, who }) => {
          typed<"dev" | "prod" | undefined>()(args.env);
          await Promise.resolve();
          return who;
        },
      },
      "fixed": { run: "always the same" },
    },
    hears: [
      [/hi/, "hello"],
      [/(\d+)/, ({ match, who }) => {
        typed<RegExpExecArray>()(match);
        return who;
      }],
    ],
    on: {
      user_joined: ({ event }) => {
        typed<number>()(event.total_connections);
      },
      display_name_changed: "Hello again",
    },
    catch: (error, ctx) => {
      typed<unknown>()(error);
      typed<string | undefined>()(ctx.who);
      typed<string | undefined>()(ctx.command);
    },
  });
  holds<Same<typeof bot, Bot>>();
});

Deno.test("named middleware may come after the commands", () => {
  defineBot({
    name: "late",
    commands: {
      "who": ({ who }) => {
        typed<string>()(who);
      },
    },
    use: [named],
  });
});

Deno.test("without middleware, no part of the context is any", () => {
  defineBot({
    name: "bare",
    commands: {
      "say <word>": (ctx) => {
        typed<{ word: string }>()(ctx.args);
        typed<string | null>()(ctx.device);
        // @ts-expect-error: no middleware added it
        ctx.who;
      },
    },
    catch: (_, ctx) => {
      // @ts-expect-error: no middleware added it
      ctx.who;
    },
  });
});

Deno.test("a definition built at run time has untyped arguments", () => {
  const commands: Record<string, CommandEntry<string, unknown>> = {
    "say <word>": ({ args }) => {
      typed<AnyArgs>()(args);
      return String(args["word"]);
    },
  };
  const bot = defineBot({ name: "dynamic", commands });
  assertEquals(bot.manifest.commands.map(({ signature }) => signature), [
    "say <word>",
    "help [command...]",
  ]);
});

Deno.test("handlers that do not match their signature do not compile", () => {
  // @ts-expect-error: no such argument
  defineBot({ name: "x", commands: { "roll <sides:int>": ({ args }) => String(args.side) } });
  // @ts-expect-error: an int is not a string
  defineBot({ name: "x", commands: { "roll <sides:int>": ({ args }) => args.sides.trim() } });
  // @ts-expect-error: optional without a default may be undefined
  defineBot({ name: "x", commands: { "note [title]": ({ args }) => args.title.trim() } });
  // @ts-expect-error: a number is not a reply
  defineBot({ name: "x", commands: { "n": () => 1 } });
  // @ts-expect-error: nor is a promise of one
  defineBot({ name: "x", commands: { "n": async () => await Promise.resolve(1) } });
  const numbers = async function* (): AsyncGenerator<number> {
    yield await Promise.resolve(1);
  };
  // @ts-expect-error: a generator must yield strings
  defineBot({ name: "x", commands: { "n": numbers } });
  // @ts-expect-error: no such event
  refused(() => defineBot({ name: "x", on: { user_joind: "hi" } }));
  // @ts-expect-error: middleware must return a promise, so that next() is awaited
  defineBot({ name: "x", use: [(_, next) => void next()] });
  defineBot({
    name: "x",
    use: [silent],
    // @ts-expect-error: this middleware adds no state
    commands: { "who": ({ who }) => who },
  });
  // @ts-expect-error: this middleware adds who, not how
  const wrong: Middleware<{ how: string }> = (_, next) => next({ who: "me" });
  defineBot({ name: "x", use: [wrong] });
  // @ts-expect-error: without defineGroup, the handlers of a group are untyped
  defineBot({ name: "x", groups: [{ commands: { "say <a>": ({ args }) => args.a } }] });
});

Deno.test("an unknown type is an error in the type checker and in defineBot", () => {
  const errors = [
    // @ts-expect-error: There is no type "itn"
    () => defineBot({ name: "x", commands: { "roll <sides:itn>": () => "6" } }),
    // @ts-expect-error: There is no type "itn"
    () => defineBot({ name: "x", commands: { "roll [--sides:itn]": "6" } }),
    // @ts-expect-error: There is no type "itn"
    () => defineBot({ name: "x", commands: { "roll [sides:itn...]": { run: "6" } } }),
  ].map((define) => {
    try {
      return define();
    } catch (error) {
      return error instanceof BotDefinitionError;
    }
  });
  assertEquals(errors, [true, true, true]);
});

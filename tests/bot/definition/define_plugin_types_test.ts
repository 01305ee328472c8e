import {
  type Bot,
  defineBot,
  defineGroup,
  definePlugin,
  logger,
  type MessageContext,
  type Middleware,
  type Plugin,
} from "@roomz/roomz/bot";
import { refused } from "../support/refused.ts";
import { holds, type Same, typed } from "../support/types.ts";

const named: Middleware<{ who: string }> = (ctx, next) => next({ who: ctx.user.email });

const counting = definePlugin({
  name: "counting",
  use: [named, (_, next) => next({ count: 1 })],
  session: { initial: () => ({ total: 0 }) },
  commands: {
    "more <n:int>": ({ args, who, count, session }) => {
      typed<number>()(args.n);
      typed<string>()(who);
      typed<number>()(count);
      typed<{ total: number }>()(session);
    },
  },
  hears: [[/x/, ({ count, session }) => {
    typed<number>()(count);
    typed<number>()(session.total);
  }]],
  schedule: { a: { every: "1h", run: ({ session }) => typed<number>()(session.total) } },
  catch: (_, ctx) => typed<string | undefined>()(ctx.who),
});

Deno.test("the state of plug-ins is typed in the handlers of bots, groups and plug-ins", () => {
  const outer = definePlugin({
    name: "outer",
    use: [counting, (_, next) => next({ outer: true as boolean })],
    commands: { "in": ({ who }) => typed<string>()(who) },
  });
  const bot = defineBot({
    name: "all",
    use: [logger(), outer, (ctx, next) => {
      typed<MessageContext>()(ctx);
      return next({ late: "late" });
    }],
    session: { initial: () => ({ mine: "" }) },
    commands: {
      "roll [sides:int=6]": ({ args, who, count, outer, late, session }) => {
        typed<number>()(args.sides);
        typed<string>()(who);
        typed<number>()(count);
        typed<boolean>()(outer);
        typed<string>()(late);
        typed<{ mine: string }>()(session);
      },
      "deploy": {
        use: [(ctx, next) => {
          typed<number>()(ctx.count);
          return next();
        }],
        run: ({ count }) => typed<number>()(count),
      },
    },
    hears: [[/x/, ({ count }) => typed<number>()(count)]],
    catch: (_, { count }) => typed<number | undefined>()(count),
  });
  holds<Same<typeof bot, Bot>>();
  defineBot({
    name: "last",
    commands: { "who": ({ who }) => typed<string>()(who) },
    use: [counting],
  });
  defineGroup({ use: [counting], commands: { "who": ({ count }) => typed<number>()(count) } });
});

Deno.test("an exported plug-in has a type that can be written down", () => {
  const exported: Plugin<{ who: string }> = definePlugin({ name: "p", use: [named] });
  defineBot({
    name: "b",
    use: [exported],
    commands: {
      "who": (ctx) => {
        typed<string>()(ctx.who);
        // @ts-expect-error: no middleware added it
        ctx.count;
      },
    },
  });
});

Deno.test("a plug-in without middleware adds no state, and nothing becomes any", () => {
  const bare = definePlugin({ name: "bare", commands: { "x": "x" } });
  holds<Same<typeof bare, Plugin>>();
  defineBot({
    name: "b",
    use: [bare],
    commands: {
      "say <word>": (ctx) => {
        typed<{ word: string }>()(ctx.args);
        // @ts-expect-error: no middleware added it
        ctx.who;
        // @ts-expect-error: the bot has no session
        ctx.session;
      },
    },
  });
});

Deno.test("invalid and misplaced plug-ins do not compile", () => {
  // @ts-expect-error: a plug-in needs a name
  refused(() => definePlugin({ commands: { "x": "x" } }));
  // @ts-expect-error: this one adds who, not how
  const wrong: Plugin<{ how: string }> = definePlugin({ name: "p", use: [named] });
  defineBot({ name: "b", use: [wrong] });
  const group = defineGroup({ use: [named] });
  const other = defineBot({ name: "other" });
  // @ts-expect-error: a group goes in groups, not in use
  refused(() => defineBot({ name: "b", use: [group] }));
  // @ts-expect-error: a bot is not a plug-in
  refused(() => defineBot({ name: "b", use: [other] }));
  // @ts-expect-error: use of a command takes no plug-ins
  refused(() => defineBot({ name: "b", commands: { "x": { use: [counting], run: "" } } }));
  // @ts-expect-error: groups takes no plug-ins
  refused(() => defineBot({ name: "b", groups: [counting] }));
  // @ts-expect-error: a plug-in's session is separate from the bot's
  defineBot({ name: "b", use: [counting], commands: { "x": ({ session }) => `${session}` } });
});

import {
  cooldown,
  defineBot,
  defineGroup,
  definePlugin,
  flow,
  type Middleware,
} from "@roomz/roomz/bot";
import { typed } from "../support/types.ts";

const named: Middleware<{ who: string }> = (ctx, next) => next({ who: ctx.user.email });
const counted = definePlugin({ name: "counted", use: [(_, next) => next({ count: 1 })] });
const signup = flow({ version: 1, state: () => ({ n: 0 }), steps: { "a:int": { ask: "?" } } });

Deno.test("types are inferred with the properties in reverse order", () => {
  defineBot({
    catch: (_, ctx) => {
      typed<string | undefined>()(ctx.who);
      typed<number | undefined>()(ctx.count);
    },
    schedule: { a: { run: ({ session }) => typed<string[]>()(session.todos), every: "1h" } },
    on: {
      user_left: ({ session, event }) => {
        typed<string[]>()(session.todos);
        typed<number>()(event.remaining_connections);
      },
    },
    hears: [[/x/, ({ session, who, count, startFlow, match }) => {
      typed<string[]>()(session.todos);
      typed<string>()(who);
      typed<number>()(count);
      typed<(flow: "signup") => Promise<void>>()(startFlow);
      typed<RegExpExecArray>()(match);
    }]],
    commands: {
      "a <n:int> [--to:dev|prod=dev]": {
        run: ({ args, session, who, count, startFlow }) => {
          typed<{ n: number; to: "dev" | "prod" }>()(args);
          typed<string[]>()(session.todos);
          typed<string>()(who);
          typed<number>()(count);
          typed<(flow: "signup") => Promise<void>>()(startFlow);
        },
        confirm: ({ args, who }) => `${args.n} ${who}?`,
        use: [(ctx, next) => {
          typed<number>()(ctx.args.n);
          typed<string[]>()(ctx.session.todos);
          return next();
        }],
      },
    },
    groups: [defineGroup({
      commands: { "b": ({ who }) => typed<string>()(who) },
      use: [named],
    })],
    flows: { signup },
    session: { initial: () => ({ todos: [] as string[] }) },
    use: [cooldown({ limit: 5, window: "10s" }), named, counted],
    prefix: "!",
    name: "reversed",
  });
});

Deno.test("without an optional part, the other types are still inferred", () => {
  defineBot({
    name: "no-session",
    use: [named],
    flows: { signup },
    commands: {
      "a": (ctx) => {
        typed<string>()(ctx.who);
        typed<(flow: "signup") => Promise<void>>()(ctx.startFlow);
        // @ts-expect-error: no session is declared
        ctx.session;
      },
    },
  });
  defineBot({
    name: "no-use",
    session: { initial: () => ({ n: 0 }) },
    flows: { signup },
    commands: {
      "a": (ctx) => {
        typed<{ n: number }>()(ctx.session);
        // @ts-expect-error: no middleware added it
        ctx.who;
      },
    },
  });
  defineBot({
    name: "no-flows",
    use: [],
    session: { initial: () => ({ n: 0 }) },
    commands: {
      "a": (ctx) => {
        typed<{ n: number }>()(ctx.session);
        // @ts-expect-error: no flows are declared
        ctx.startFlow;
        // @ts-expect-error: an empty list adds nothing
        ctx.who;
      },
    },
  });
});

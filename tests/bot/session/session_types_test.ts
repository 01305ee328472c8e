import {
  defineBot,
  defineGroup,
  type MessageContext,
  type Middleware,
  type SessionDefinition,
} from "@roomz/roomz/bot";
import { refused } from "../support/refused.ts";
import { typed } from "../support/types.ts";

const named: Middleware<{ who: string }> = (ctx, next) => next({ who: ctx.user.email });

interface Todos {
  todos: string[];
}

Deno.test("the session's type reaches every handler, wherever the session is declared", () => {
  const initial = (): Todos => ({ todos: [] });
  defineBot({
    name: "first",
    session: { initial },
    use: [named],
    commands: {
      "add <n:int>": ({ args, session, who, updateSession }) => {
        typed<number>()(args.n);
        typed<Todos>()(session);
        typed<string>()(who);
        typed<(change: (session: Todos) => Todos | void) => Promise<Todos>>()(updateSession);
      },
    },
  });
  defineBot({
    name: "last",
    commands: {
      "add <n:int>": {
        use: [(ctx, next) => {
          typed<Todos>()(ctx.session);
          return next();
        }],
        run: ({ session, who }) => {
          typed<Todos>()(session);
          typed<string>()(who);
        },
      },
      "stream": async function* ({ session }) {
        typed<string[]>()(session.todos);
        yield await Promise.resolve("");
      },
    },
    hears: [[/x/, ({ session }) => typed<Todos>()(session)]],
    on: { user_left: ({ session }) => typed<Todos>()(session) },
    use: [named],
    session: { initial, version: 2, migrate: (old) => ({ todos: [String(old.x)] }), ttl: "1d" },
  });
});

Deno.test("the type of a literal is widened so that it can be changed", () => {
  defineBot({
    name: "literal",
    commands: {
      "n": ({ session }) => typed<{ n: number; list: string[]; on: boolean }>()(session),
    },
    session: { initial: () => ({ n: 0, list: [] as string[], on: false }) },
  });
});

Deno.test("without a session, the context has none, and nothing is `any`", () => {
  defineBot({
    name: "none",
    commands: {
      "n": (ctx) => {
        // @ts-expect-error: no session is declared
        ctx.session;
        // @ts-expect-error: no session is declared
        ctx.updateSession;
        const base: MessageContext = ctx;
        return base.message.content;
      },
    },
  });
});

Deno.test("code that does not match the session's type does not compile", () => {
  const initial = () => ({ n: 0 });
  // @ts-expect-error: no such property
  defineBot({ name: "x", session: { initial }, commands: { "a": ({ session }) => session.m } });
  // @ts-expect-error: a number is not a reply
  defineBot({ name: "x", session: { initial }, commands: { "a": ({ session }) => session.n } });
  defineBot({
    name: "x",
    session: { initial },
    commands: {
      // @ts-expect-error: the session can only be changed in place
      "a": (ctx) => void (ctx.session = { n: 1 }),
    },
  });
  // @ts-expect-error: a session must be an object
  refused(() => defineBot({ name: "x", session: { initial: () => 1 } }));
  // @ts-expect-error: migrate must return the type of initial
  defineBot({ name: "x", session: { initial, version: 2, migrate: () => ({ m: 1 }) } });
  // @ts-expect-error: the type of a stored session is unknown
  defineBot({ name: "x", session: { initial, version: 2, migrate: (old) => ({ n: old.n }) } });
  // @ts-expect-error: no such scope
  refused(() => defineBot({ name: "x", session: { initial, scope: "room" } }));
  defineBot({
    name: "x",
    session: { initial },
    commands: {
      // @ts-expect-error: an update must return a session
      "a": async ({ updateSession }) => void await updateSession(() => 1),
    },
  });
});

Deno.test("a group that declares a session has its type; one that does not has no session", () => {
  const session: SessionDefinition<Todos> = { initial: () => ({ todos: [] }) };
  defineGroup({ session, commands: { "a": ({ session }) => typed<Todos>()(session) } });
  // @ts-expect-error: this group declares none
  defineGroup({ commands: { "a": ({ session }) => session } });
});

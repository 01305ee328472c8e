import {
  type DeepReadonly,
  defineBot,
  type Flow,
  flow,
  type FlowContext,
  type SessionDefinition,
} from "@roomz/roomz/bot";
import { holds, type Same, typed } from "../support/types.ts";

interface Guests {
  names: string[];
  last: { name: string } | null;
}
const session: SessionDefinition<Guests> = { initial: () => ({ names: [], last: null }) };

Deno.test("the session that a flow names reaches its steps, wherever it stands", () => {
  const first = flow({
    session,
    version: 1,
    state: () => ({ age: 0 }),
    steps: {
      "age:int": {
        ask: (state, context) => {
          typed<{ age: number }>()(state);
          typed<DeepReadonly<Guests>>()(context.session);
          return context.session.last?.name ?? "?";
        },
        next({ state, answer, session }) {
          typed<number>()(answer);
          typed<DeepReadonly<Guests>>()(session);
          state.age = session.names.length;
          return { goto: "save" };
        },
      },
      "save": {
        run: async ({ state, session, updateSession, key }) => {
          typed<{ age: number }>()(state);
          typed<Guests>()(session);
          typed<string>()(key);
          typed<Guests>()(await updateSession(({ names }) => void names.push("x")));
        },
      },
    },
    done: ({ session }) => session.names.join(),
  });
  holds<Same<typeof first, Flow>>();
  flow({
    version: 1,
    steps: {
      "say": { run: ({ session, state }) => void session.names.push(state.text) },
    },
    state: () => ({ text: "" }),
    session,
  });
});

Deno.test("without a session the steps have none, and nothing of it is any", () => {
  flow({
    version: 1,
    state: () => ({ n: 0 }),
    steps: {
      "a": {
        ask: (state, context) => {
          typed<unknown>()(context);
          return `${state.n}`;
        },
        next: (step) => {
          typed<string>()(step.answer);
          // @ts-expect-error: the flow names no session
          step.session;
        },
      },
      "b": {
        run: (ctx) => {
          typed<FlowContext<{ n: number }>>()(ctx);
          // @ts-expect-error: the flow names no session
          ctx.session;
        },
      },
    },
    done: (ctx) => {
      // @ts-expect-error: the flow names no session
      ctx.updateSession;
    },
  });
});

Deno.test("what does not fit the flow does not compile", () => {
  const state = () => ({ n: 0 });
  flow({
    version: 1,
    state,
    session,
    steps: {
      "a": {
        ask: "?",
        next({ session }) {
          // @ts-expect-error: an answer may come twice, and changes the state only
          session.names.push("x");
          // @ts-expect-error: nor may it replace something in it
          session.last = null;
        },
      },
    },
  });
  // @ts-expect-error: no such property
  flow({ version: 1, state, session, steps: { "a": { run: ({ session }) => session.name } } });
  // @ts-expect-error: no such step
  flow({ version: 1, state, steps: { "a": { run: () => ({ goto: "b" }) } } });
  // @ts-expect-error: an int is no text
  flow({ version: 1, state, steps: { "a:int": { ask: "?", next: (s) => void s.answer.trim() } } });
  // @ts-expect-error: a question has its text
  flow({ version: 1, state, steps: { "a": { ask: () => 1 } } });
  // @ts-expect-error: there is no such flow to start
  defineBot({ name: "b", commands: { "go": ({ startFlow }) => startFlow("f") } });
  defineBot({
    name: "b",
    flows: { f: flow({ version: 1, state, steps: { "a": { ask: "?" } } }) },
    // @ts-expect-error: nor this one
    commands: { "go": ({ startFlow }) => startFlow("g") },
  });
});

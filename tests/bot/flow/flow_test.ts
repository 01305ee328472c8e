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

Deno.test("a flow's session has its type in all steps, wherever it is in the definition", () => {
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

Deno.test("without a session, steps have none, and nothing is any", () => {
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

Deno.test("steps that do not match the flow do not compile", () => {
  const state = () => ({ n: 0 });
  flow({
    version: 1,
    state,
    session,
    steps: {
      "a": {
        ask: "?",
        next({ session }) {
          // @ts-expect-error: next cannot change the session
          session.names.push("x");
          // @ts-expect-error: nor assign to its properties
          session.last = null;
        },
      },
    },
  });
  // @ts-expect-error: no such property
  flow({ version: 1, state, session, steps: { "a": { run: ({ session }) => session.name } } });
  // @ts-expect-error: no such step
  flow({ version: 1, state, steps: { "a": { run: () => ({ goto: "b" }) } } });
  // @ts-expect-error: an int is not a string
  flow({ version: 1, state, steps: { "a:int": { ask: "?", next: (s) => void s.answer.trim() } } });
  // @ts-expect-error: a question needs its text
  flow({ version: 1, state, steps: { "a": { ask: () => 1 } } });
  // @ts-expect-error: no such flow
  defineBot({ name: "b", commands: { "go": ({ startFlow }) => startFlow("f") } });
  defineBot({
    name: "b",
    flows: { f: flow({ version: 1, state, steps: { "a": { ask: "?" } } }) },
    // @ts-expect-error: no such flow either
    commands: { "go": ({ startFlow }) => startFlow("g") },
  });
});

/**
 * Types of flows, and invalid flows.
 * @module
 */
import { BotDefinitionError, defineBot, flow, type FlowContext } from "@roomz/roomz/bot";
import { answers } from "@roomz/roomz/testing";
import { assertEquals, assertThrows } from "@std/assert";
import { signup } from "../support/signup_flow.ts";
import { typed } from "../support/types.ts";

Deno.test("the types of a flow are inferred from its keys and state", () => {
  flow({
    version: 1,
    state: () => ({ n: 0, when: "" }),
    steps: {
      "n:int": {
        ask: (state) => {
          typed<{ n: number; when: string }>()(state);
          return "";
        },
        next({ state, answer }) {
          typed<number>()(answer);
          typed<{ n: number; when: string }>()(state);
          return { goto: "when" };
        },
      },
      "when:date": { ask: "", next: ({ answer }) => typed<Date>()(answer) },
      "plan:a|b": { ask: "", next: ({ answer }) => typed<"a" | "b">()(answer) },
      "text": { ask: "", next: ({ answer }) => typed<string>()(answer) },
      "work": {
        run(ctx) {
          typed<FlowContext<{ n: number; when: string }>>()(ctx);
        },
      },
    },
    done: ({ state }) => state.when,
  });
  const state = () => ({ n: 0 });
  // @ts-expect-error: no such step
  flow({ version: 1, state, steps: { "a": { ask: "", next: () => ({ goto: "b" }) } } });
  // @ts-expect-error: next must be synchronous
  flow({ version: 1, state, steps: { "a": { ask: "", next: async () => {} } } });
  // @ts-expect-error: no such property of the state
  flow({ version: 1, state, steps: { "a": { ask: ({ m }) => `${m}` } } });
  // @ts-expect-error: a work step has no question to repeat
  flow({ version: 1, state, steps: { "a": { run: () => ({ again: "" }) } } });
  flow({
    version: 2,
    state,
    steps: { "a": { ask: "" } },
    // @ts-expect-error: migrate must return an existing step
    migrate: () => ({ step: "b", state: { n: 1 } }),
  });
  const flows = { signup };
  // @ts-expect-error: no such flow
  defineBot({ name: "x", flows, commands: { "a": ({ startFlow }) => startFlow("sign") } });
  // @ts-expect-error: startFlow exists only if there are flows
  defineBot({ name: "x", commands: { "a": ({ startFlow }) => startFlow("signup") } });
});

Deno.test("an invalid flow is a definition error with its path", () => {
  const state = () => ({});
  const step = { ask: "?" };
  const wrong: readonly [steps: Record<string, typeof step>, version: number, message: string][] = [
    [{}, 1, "A flow must have at least one step."],
    [{ ":int": step }, 1, "A step must have a name before its type."],
    [{ "a:int": step, "a": step }, 1, 'Two steps are named "a".'],
    [{ "a:itn": step }, 1, 'There is no type "itn". Did you mean "int"?'],
    [{ "a": step }, 0, "flows.x.version"],
  ];
  for (const [steps, version, message] of wrong) {
    const define = () => defineBot({ name: "x", flows: { x: { version, state, steps } } });
    assertThrows(define, BotDefinitionError, message);
  }
  assertThrows(
    () => defineBot({ name: "x", flows: { signup }, groups: [{ flows: { signup } }] }),
    BotDefinitionError,
    "groups[0].flows.signup",
  );
});

Deno.test("a goto or startFlow with an unknown name is an error that names it", async () => {
  const bot = defineBot({
    name: "x",
    flows: {
      lost: {
        version: 1,
        state: () => ({}),
        steps: { "a": { ask: "A?", next: () => ({ goto: "b" }) } },
      },
    },
    commands: {
      "start": ({ startFlow }) => startFlow("lost"),
      "wrong": ({ startFlow }) => Reflect.apply(startFlow, undefined, ["other"]),
    },
    catch: (error) => String(error),
  });
  assertEquals(await answers(bot, "!start", "x", "!wrong"), [
    ["A? (text) [n6a]"],
    ['TypeError: A step of the flow "lost" returned goto: "b", but there is no such step.'],
    [`TypeError: There is no flow "other". The bot's flows: lost.`],
  ]);
});

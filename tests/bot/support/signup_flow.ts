/**
 * A sign-up flow, and a bot that runs it.
 * @module
 */
import { type Bot, defineBot, flow } from "@roomz/roomz/bot";

export const signup = flow({
  version: 1,
  state: () => ({ name: "", age: 0, plan: "" }),
  steps: {
    "name": {
      ask: "Name?",
      next: ({ state, answer }) => void (state.name = answer),
    },
    "age:int": {
      ask: ({ name }) => `How old, ${name}?`,
      retry: "A number, please.",
      next({ state, answer }) {
        if (answer > 120) return { again: "Really?" };
        if (answer < 18) return { end: "Too young." };
        state.age = answer;
      },
    },
    "plan:free|paid": {
      ask: "Plan?",
      next({ state, answer }) {
        state.plan = answer;
        if (answer === "free") return { goto: "name" };
      },
    },
  },
  done: ({ state }) => `${state.name}, ${state.age}, ${state.plan}`,
  timeout: "1h",
});

export const registrar: Bot = defineBot({
  name: "registrar",
  flows: { signup },
  commands: {
    "signup [after:duration=0s]": async ({ args, clock, startFlow }) => {
      if (args.after > 0) {
        await new Promise<void>((resolve) => clock.schedule(resolve, args.after));
      }
      await startFlow("signup");
    },
    "ping": "pong",
  },
  hears: [[/^thanks$/, "any time"]],
});

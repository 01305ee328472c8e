/**
 * A bot on any runtime: commands, a session, a flow, and failures that nothing catches. Run by
 * runtimes_test.ts; a third argument makes it part of a larger program, which fails.
 * @module
 */
import process from "node:process";
import { defineBot, flow, KvStorage, runBot } from "../../../bot/mod.ts";

const [server = "", token = "", part] = process.argv.slice(2);

const signup = flow({
  version: 1,
  state: () => ({ name: "" }),
  steps: {
    "name": {
      ask: "What is your name?",
      next: ({ state, answer }) => void (state.name = answer),
    },
  },
  done: ({ state }) => `Welcome, ${state.name}.`,
});

const bot = defineBot({
  name: "helper",
  session: { initial: () => ({ calls: 0 }) },
  flows: { signup },
  use: [async (ctx, next) => {
    if (ctx.message.content !== "!forget") return await next();
    next(); // A mistake: nothing awaits it.
  }],
  commands: {
    "add <a:int> <b:int>": ({ args }) => `${args.a + args.b}`,
    "count": ({ session }) => `${++session.calls}`,
    "signup": ({ startFlow }) => startFlow("signup"),
    "kv": () => {
      try {
        return typeof new KvStorage("helper.kv");
      } catch (error) {
        return String(error);
      }
    },
    "fail": () => Promise.reject(new Error("failed")),
    "forget": () => Promise.reject(new Error("forgotten")),
    "reject": () => {
      Promise.reject(new Error("rejected"));
      return "ok";
    },
    "throw": () => {
      setTimeout(() => {
        throw new Error("thrown");
      });
      return "ok";
    },
  },
});

if (part === undefined) {
  setInterval(() => {}, 1_000); // Would keep the process running.
  await runBot(bot, { server, token, standalone: true });
  console.error("stopped");
} else {
  // Not awaited: during a top-level await Bun goes on after an exception, as it does without a bot.
  runBot(bot, {
    server,
    token,
    logger: {
      debug() {},
      info() {
        setTimeout(() => Promise.reject(new Error("the program's own")));
      },
      warn: console.error,
      error: console.error,
    },
  });
}

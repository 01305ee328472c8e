/**
 * A bot that answers a few commands, with a plug-in that counts them. Run it with
 * `roomz bot run examples/helper_bot.ts`, and say `!help` in the chat.
 * @module
 */
import { defineBot, definePlugin } from "@roomz/roomz/bot";

let calls = 0;

/** Counts what the bot is asked: its handlers have the number as `calls`, and people have `!stats`. */
const usage = definePlugin({
  name: "usage",
  use: [(_ctx, next) => next({ calls: ++calls })],
  commands: {
    "stats": { description: "How much I was asked", run: ({ calls }) => `Asked ${calls} times.` },
  },
});

export default defineBot({
  name: "helper",
  use: [usage],
  commands: {
    "ping": "pong",
    "roll [sides:int=6]": {
      description: "Roll a die",
      run({ args }) {
        if (args.sides < 1) return "A die has at least one side.";
        return `You rolled ${1 + Math.floor(Math.random() * args.sides)}`;
      },
    },
    "echo <text...>": { description: "Say it back", run: ({ args }) => args.text },
  },
  hears: [[/\bthank(s| you)\b/i, "Any time."]],
});

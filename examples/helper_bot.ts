/**
 * A bot that answers a few commands, with middleware that counts them. Run it with
 * `roomz bot run examples/helper_bot.ts`, and say `!help` in the chat.
 * @module
 */
import { defineBot, type Middleware } from "@roomz/roomz/bot";

let calls = 0;
const counted: Middleware<{ calls: number }> = (_ctx, next) => next({ calls: ++calls });

export default defineBot({
  name: "helper",
  use: [counted],
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
    "stats": { description: "How much I was asked", run: ({ calls }) => `Asked ${calls} times.` },
  },
  hears: [[/\bthank(s| you)\b/i, "Any time."]],
});

/**
 * A bot with a few commands, and a plug-in that counts messages. Run it with
 * `roomz bot run examples/helper_bot.ts`, and type `!help` in the chat.
 * @module
 */
import { defineBot, definePlugin } from "@roomz/roomz/bot";

let calls = 0;

/** Counts the messages to the bot. Handlers get the count as `calls`; `!stats` shows it. */
const usage = definePlugin({
  name: "usage",
  use: [(_ctx, next) => next({ calls: ++calls })],
  commands: {
    "stats": {
      description: "Show how often the bot was called",
      run: ({ calls }) => `Called ${calls} times.`,
    },
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
    "echo <text...>": { description: "Repeat a text", run: ({ args }) => args.text },
  },
  hears: [[/\bthank(s| you)\b/i, "Any time."]],
});

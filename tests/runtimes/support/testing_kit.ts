/**
 * A bot's test as users write it: crashes, time, questions. Run by runtimes_test.ts; throws if
 * something is wrong.
 * @module
 */
import { deepEqual } from "node:assert/strict";
import { defineBot } from "../../../bot/mod.ts";
import { answers, testBot } from "../../../testing/mod.ts";

const bot = defineBot({
  name: "todo",
  session: { initial: () => ({ todos: Array<string>() }) },
  commands: {
    "add <text...>": ({ args, session }) => `${session.todos.push(args.text)} to do.`,
    "clear": {
      confirm: "Clear all?",
      run: ({ session }) => `${session.todos.splice(0).length} deleted.`,
    },
    "fail": () => Promise.reject(new Error("failed")),
  },
  schedule: { standup: { every: "1h", run: "What is to do?" } },
});

deepEqual(await answers(bot, "!add milk", "!add bread"), [["1 to do."], ["2 to do."]]);

await using room = await testBot(bot);
const phone = room.device("phone");
deepEqual(await phone.say("!add milk"), ["1 to do."]);
room.crash();
await room.restart();
deepEqual(await phone.say("!add bread"), ["2 to do."], room.transcript);
deepEqual(await phone.say("!clear"), ["Clear all? (yes|no) [n6a]"]);
deepEqual(await phone.say("yes"), ["2 deleted."], room.transcript);
deepEqual(await phone.say("!fail"), ["Sorry, that failed. The bot's log says why."]);
deepEqual(await room.advance(3_600_000), ["What is to do?"]);
console.log("all is well");

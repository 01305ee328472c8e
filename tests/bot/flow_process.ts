/**
 * A bot with a flow in a process of its own, for tests that kill it: it reads messages from its
 * standard input, and writes what it says to its standard output.
 * @module
 */
import { defineBot, flow, KvStorage, runBot } from "@roomz/roomz/bot";
import { FakeClient, FakeRoom } from "./fake_room.ts";

const [storage = "", work = ""] = Deno.args;

// Types that do not mix: an answer to one question is none to another.
const bot = defineBot({
  name: "flower",
  flows: {
    long: flow({
      version: 1,
      state: () => ({ answers: [] as string[] }),
      steps: {
        "one:a1|b1": { ask: "Q1", next: ({ state, answer }) => void state.answers.push(answer) },
        "two:a2|b2": { ask: "Q2", next: ({ state, answer }) => void state.answers.push(answer) },
        "work": { run: ({ key }) => Deno.writeTextFile(work, `${key}\n`, { append: true }) },
        "three:a3|b3": { ask: "Q3", next: ({ state, answer }) => void state.answers.push(answer) },
        "four:a4|b4": { ask: "Q4", next: ({ state, answer }) => void state.answers.push(answer) },
      },
      done: ({ state }) => `END ${JSON.stringify(state.answers)}`,
    }),
  },
  commands: { "start": ({ startFlow }) => startFlow("long") },
});

const room = new FakeRoom();
const laptop = room.join("laptop");
laptop.on("message", ({ own, content }) => {
  if (!own) console.log(content);
});
void runBot(bot, {
  client: new FakeClient(room),
  storage: new KvStorage(storage),
  logger: {
    debug() {},
    info: (message) => message.endsWith(": ready") && console.log("READY"),
    warn: (message) => console.error(message),
    error: (message, cause) => console.error(message, cause),
  },
});
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  for (const line of chunk.trim().split("\n")) laptop.say(line);
}

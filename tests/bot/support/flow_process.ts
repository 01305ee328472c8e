/**
 * A bot with a flow in a separate process, for tests that kill it. It reads messages from stdin and
 * writes its replies to stdout.
 * @module
 */
import { defineBot, flow, KvStorage } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";

const [storage = "", work = ""] = Deno.args;

// Disjoint types: an answer to one question is never valid for another.
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

// The longest possible timer: the test decides how long it waits for a reply.
const room = await testBot(bot, { storage: new KvStorage(storage), patience: 2 ** 31 - 1 });
const laptop = room.device("laptop");

async function printReplies(): Promise<never> {
  for (let count = 1;; count++) console.log((await laptop.hears(count))[count - 1]);
}

console.log("READY");
void printReplies();
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  for (const line of chunk.trim().split("\n")) void laptop.say(line);
}

import { type Bot, defineBot, flow } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals, assertMatch } from "@std/assert";

/** A seeded random number generator (mulberry32): numbers from 0 to 1. */
function randomFrom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A bot with a long flow; `work` does its work step. */
function flower(work: (key: string) => Promise<void>): Bot {
  return defineBot({
    name: "flower",
    flows: {
      long: flow({
        version: 1,
        state: () => ({ answers: [] as number[], worked: 0 }),
        steps: {
          "one:int": { ask: "Q1", next: ({ state, answer }) => void state.answers.push(answer) },
          "two:int": { ask: "Q2", next: ({ state, answer }) => void state.answers.push(answer) },
          "first-work": {
            async run({ state, key }) {
              await work(key);
              state.worked++;
            },
          },
          "three:int": { ask: "Q3", next: ({ state, answer }) => void state.answers.push(answer) },
          "second-work": {
            async run({ state, key }) {
              await work(key);
              state.worked++;
            },
          },
          "four:int": { ask: "Q4", next: ({ state, answer }) => void state.answers.push(answer) },
        },
        async done({ state, key }) {
          await work(key);
          return `END ${JSON.stringify(state)}`;
        },
      }),
    },
    commands: { "start": ({ startFlow }) => startFlow("long") },
  });
}

/** Runs the flow to its end, over several crashes, and returns the result. */
async function runFlow(seed: number) {
  const random = randomFrom(seed);
  let mortal = true;
  const isHit = (chance: number) => mortal && random() < chance;
  /** The key of each run of the work step, in order. */
  const work: string[] = [];
  const bot = flower(async (key) => {
    if (isHit(0.1)) {
      room.crash();
      return await new Promise(() => {});
    }
    work.push(key);
    if (isHit(0.1)) room.crash();
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  const isOver = () => laptop.heard.some((text) => text.startsWith("END"));
  let crashes = 0;
  let starts = 0;
  for (let lives = 1; !isOver(); lives++) {
    assert(lives < 40, `seed ${seed}: the flow never ends\n${room.transcript}`);
    // A complete flow has about 20 effects.
    mortal = lives < 30;
    room.crashAfter(mortal ? Math.floor(random() * 15) : Infinity);
    while (room.running && !isOver()) {
      // The user answers the last question they saw, or starts the flow.
      const question = laptop.heard.findLast((text) => /^Q\d \(/.test(text));
      if (question === undefined) starts++;
      await laptop.say(question === undefined ? "!start" : (question[1] ?? ""));
      if (isHit(0.1)) room.crash();
    }
    if (room.running) continue;
    crashes++;
    await room.restart();
  }
  return { work, said: laptop.heard, crashes, starts, transcript: room.transcript };
}

Deno.test("500 flows with random crashes lose nothing, and repeat only what is documented", async () => {
  let crashes = 0;
  let repeatedQuestions = 0;
  let repeatedWork = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const { work, said, transcript, ...run } = await runFlow(seed);
    const story = `seed ${seed}\n${transcript}`;
    crashes += run.crashes;
    const end = said.filter((text) => text.startsWith("END"));
    for (const text of end) {
      assertEquals(text, 'END {"answers":[1,2,3,4],"worked":2}', story);
    }
    const questions = said.filter((text) => /^Q\d \(/.test(text)).map((text) => text.slice(0, 2));
    assertEquals([...new Set(questions)], ["Q1", "Q2", "Q3", "Q4"], story);
    assertEquals(new Set(work).size, 3, `work and done, each with its key: ${story}`);
    // Repetitions are due to a crash in the middle of a step, or to starting again.
    const again = questions.length - 4 + end.length - 1;
    assert(again <= run.crashes + run.starts, `${again} repeated questions: ${story}`);
    const workAgain = work.length - 3;
    assert(workAgain <= run.crashes, `${workAgain} repeated pieces of work: ${story}`);
    repeatedQuestions += again;
    repeatedWork += workAgain;
  }
  assert(crashes > 500, `${crashes} crashes`);
  assert(repeatedQuestions > 0 && repeatedWork > 0, "some crashes were in the middle of a step");
});

const PROCESS = new URL("../support/flow_process.ts", import.meta.url);

/** A bot in a separate process, which gets lines on stdin and can be killed. */
class BotProcess {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #ended: Promise<void>;
  readonly said: string[];
  #wake: () => void = () => {};

  constructor(storage: string, work: string, said: string[]) {
    const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
    this.said = said;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--no-check", "--unstable-kv", `--config=${config}`],
        ...[PROCESS.href, storage, work],
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#ended = this.#read();
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      this.said.push(...lines);
      this.#wake();
    }
    this.#wake();
  }

  async say(line: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Resolves when the bot says something, ends, or stays silent for a while. */
  async heard(): Promise<void> {
    const count = this.said.length;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.said.length > count) resolve();
      timer = setTimeout(resolve, 1_000);
    });
    clearTimeout(timer);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#ended;
    await this.#writer.abort().catch(() => {});
  }
}

Deno.test("a flow in Deno KV continues after kill -9 at any point", async () => {
  const folder = await Deno.makeTempDir();
  const storage = `${folder}/bot.kv`;
  const work = `${folder}/work.txt`;
  await Deno.writeTextFile(work, "");
  const random = randomFrom(9);
  const said: string[] = [];
  const over = () => said.some((text) => text.startsWith("END"));
  for (let lives = 0; !over(); lives++) {
    assert(lives < 20, "the flow does not end");
    const bot = new BotProcess(storage, work, said);
    while (said.filter((text) => text === "READY").length <= lives) await bot.heard();
    // Kill each of the first processes while it handles an answer, or right after.
    for (let answers = 0; !over() && (lives >= 10 || answers < 1); answers++) {
      const question = said.findLast((text) => /^Q\d \(/.test(text));
      await bot.say(question === undefined ? "!start" : `a${(question[1] ?? "")}`);
      if (lives >= 10) await bot.heard();
      else await new Promise((resolve) => setTimeout(resolve, random() * 8));
    }
    await bot.kill();
  }
  assertMatch(said.at(-1) ?? "", /^END \["a1","a2","a3","a4"\]$/);
  const keys = (await Deno.readTextFile(work)).trim().split("\n");
  assertEquals(new Set(keys).size, 1, "all runs of the work step have the same key");
});

/**
 * Several askers in one room, with random joins, questions, answers and lost connections: no answer ever
 * goes to a question that it was not meant for.
 * @module
 */
import { ask, ReplyError } from "@roomz/roomz/bot";
import { ClientError } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { readNotice } from "../../../bot/question/notices.ts";
import { type Asker, AskingRoom } from "./support/asking_room.ts";

const RUNS = 200;
const STEPS = 60;

/** Numbers from 0 up to 1 that a seed determines. */
function numbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a person sees: the open questions and their handles. */
class View {
  readonly handles = new Map<string, string>();
  #read = 0;

  /** Reads what is new. `isAnswered` says which questions have their answer, seen or not. */
  update(heard: readonly string[], isAnswered: (question: string) => boolean): void {
    for (const text of heard.slice(this.#read)) {
      const notice = readNotice(text);
      if (notice?.kind === "question") {
        const question = notice.text.split("\n").at(-1) ?? "";
        this.handles.set(question, notice.handle);
      } else if (notice?.kind === "closed") {
        for (const [question, handle] of this.handles) {
          if (handle === notice.handle) this.handles.delete(question);
        }
      }
    }
    this.#read = heard.length;
    for (const question of this.handles.keys()) {
      if (isAnswered(question)) this.handles.delete(question);
    }
  }
}

/** What a message was meant for: one question, or whichever is the only one. */
type Meaning = { readonly question: string } | { readonly open: readonly string[] };

async function play(seed: number): Promise<{ taken: number; plain: number; told: number }> {
  const random = numbers(seed);
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  const systemRandom = Math.random;
  // Few handles, so that questions often choose the same.
  Math.random = () => Math.floor(random() * 5) / 5;
  const room = new AskingRoom();
  try {
    const phone = room.device("phone");
    const view = new View();
    const askers: Asker[] = [];
    const meanings = new Map<string, Meaning>();
    const answered = new Set<string>();
    const waiting = new Map<string, Asker>();
    /** Questions that got an answer by their handle while their asker was away. */
    const missed = new Set<string>();
    const wrong: string[] = [];
    const count = { taken: 0, plain: 0, told: 0 };
    let questions = 0;
    let messages = 0;

    const newQuestion = (asker: Asker) => {
      const question = `Question ${++questions}?`;
      waiting.set(question, asker);
      const options = { timeout: pick(["20s", "1h", "1h"]), clock: room.clock };
      ask(asker.client, question, options).then(({ text, perhapsMissed }) => {
        answered.add(question);
        if (missed.has(question) && !perhapsMissed) {
          wrong.push(`${question} missed an answer silently`);
        }
        const meaning = meanings.get(text);
        const isRight = meaning !== undefined &&
          ("question" in meaning
            ? meaning.question === question
            : meaning.open.length === 1 && meaning.open[0] === question);
        if (!isRight) wrong.push(`${question} took ${text}, meant for ${JSON.stringify(meaning)}`);
        count.taken++;
        if (meaning !== undefined && "open" in meaning) count.plain++;
      }, (error) => {
        if (error instanceof ClientError || error instanceof ReplyError) throw error;
      }).finally(() => waiting.delete(question));
    };
    const look = () => view.update(phone.heard, (question) => answered.has(question));
    const isThere = (question: string) => waiting.get(question)?.client.connected === true;
    const answer = async () => {
      look();
      // Nobody in the room knows of a question whose asker is away, nor that its handle was given again.
      const all = [...view.handles];
      const meant = pick(all.filter(([question, handle]) => {
        return isThere(question) || all.filter((other) => other[1] === handle).length === 1;
      }));
      const text = `answer ${++messages}`;
      if (meant === undefined) return;
      meanings.set(text, { question: meant[0] });
      if (waiting.has(meant[0]) && !isThere(meant[0])) missed.add(meant[0]);
      const handle = meant[1];
      await phone.say(
        pick([`${handle} ${text}`, `${text} [${handle}]`, `#${handle}: ${text}`]) ?? "",
      );
    };
    const talk = async () => {
      look();
      const text = `talk ${++messages}`;
      meanings.set(text, { open: [...view.handles.keys()].filter(isThere) });
      await phone.say(text);
    };

    for (let step = 0; step < STEPS; step++) {
      const what = random();
      const asker = pick(askers);
      if (what < 0.1 && askers.length < 5) {
        askers.push(await room.client(pick(["agent", "agent", "ci", null]) ?? null));
      } else if (what < 0.35 && asker !== undefined) newQuestion(asker);
      else if (what < 0.4 && asker !== undefined) {
        asker.connection.disconnect();
        await room.advance(random() * 3_000);
      } else if (what < 0.5) { for (const one of askers) await room.reconnect(one); }
      else if (what < 0.65) await answer();
      else if (what < 0.8) await talk();
      if (random() < 0.7) await room.advance(random() * (pick([50, 500, 3_000]) ?? 0));
      else await room.clock.settled();
    }
    assertEquals(wrong, [], `seed ${seed}\n${room.transcript}`);

    // In the end every question that is still open gets its answer.
    for (const one of askers) await room.reconnect(one);
    await room.advance(2_000);
    for (let tries = 0; waiting.size > 0 && tries < 100; tries++) {
      await answer();
      await room.advance(500);
    }
    assertEquals([[...waiting.keys()], wrong], [[], []], `seed ${seed}\n${room.transcript}`);
    count.told = phone.heard.filter((text) => readNotice(text)?.kind === "how").length;
    return count;
  } finally {
    Math.random = systemRandom;
  }
}

Deno.test("no answer goes to a question that it was not meant for", async () => {
  const first = Number(Deno.env.get("TEST_SEED") ?? 1);
  const runs = Number(Deno.env.get("TEST_RUNS") ?? RUNS);
  const total = { taken: 0, plain: 0, told: 0 };
  for (let seed = first; seed < first + runs; seed++) {
    const { taken, plain, told } = await play(seed);
    total.taken += taken;
    total.plain += plain;
    total.told += told;
  }
  // It is not that nothing was taken.
  assert(total.taken > 5 * runs && total.plain > runs / 5, JSON.stringify(total));
});

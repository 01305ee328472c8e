/**
 * Many processes ask at once, and a person answers each question by its handle, in random order. On the
 * development server, and on the real one where Python and PyPI are available.
 *
 * `ROOMZ_ASKERS=20 ROOMZ_QUESTIONS=10` asks 200 questions from 20 processes, `ROOMZ_CUTS=100` cuts 100
 * connections.
 * @module
 */
import { ask } from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readNotice } from "../../bot/question/notices.ts";
import { skip } from "../support/skip.ts";
import { CutProxy } from "./support/cut_proxy.ts";
import { devTarget } from "./support/dev_target.ts";
import { findPythonWithRoomz } from "./support/python_environment.ts";
import { realTarget } from "./support/real_server.ts";
import { mintSession, type Target, TEST_EMAILS } from "./support/target.ts";

const ASKERS = Number(Deno.env.get("ROOMZ_ASKERS") ?? 4);
const QUESTIONS = Number(Deno.env.get("ROOMZ_QUESTIONS") ?? 5);
const CUTS = Number(Deno.env.get("ROOMZ_CUTS") ?? 8);
const PROCESS = fromFileUrl(new URL("support/asking_process.ts", import.meta.url));

/** What an asker printed. */
interface Printed {
  readonly question: string;
  readonly value: string;
  readonly perhapsMissed: boolean;
}

/** Asks from several processes, and resolves to what they got. */
async function askFromProcesses(url: string, token: string): Promise<readonly Printed[]> {
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const outputs = await Promise.all(
    Array.from({ length: ASKERS }, (_, index) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--quiet", "--no-check", `--config=${config}`, PROCESS],
          // Two share each name: names say nothing about who asked.
          ...[url, token, `asker ${index - index % 2}-${index}`, `${QUESTIONS}`],
        ],
        stdout: "piped",
        stderr: "inherit",
      }).output()),
  );
  const lines = outputs.flatMap(({ stdout }) => {
    return new TextDecoder().decode(stdout).trim().split("\n").filter((line) => line !== "");
  });
  return lines.map((line) => JSON.parse(line));
}

/** Answers every question by its handle, in random order; again if it is said with another handle. */
async function answerAll(person: AsyncClient, until: Promise<unknown>): Promise<{ heard: number }> {
  const handles = new Map<string, string>();
  const waiting = new Map<string, string>();
  let heard = 0;
  let ended = false;
  until.finally(() => ended = true);
  person.on("message", ({ content, own }) => {
    if (own) return;
    heard++;
    const notice = readNotice(content);
    if (notice?.kind !== "question") return;
    const question = notice.text.split("\n").at(-1) ?? "";
    handles.set(question, notice.handle);
    waiting.set(question, notice.handle);
  });
  for (let quiet = 0; !ended;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    quiet++;
    const isComplete = handles.size === ASKERS * QUESTIONS;
    if (waiting.size === 0 || (!isComplete && quiet % 50 !== 0)) continue;
    const all = [...waiting];
    const [question, handle] = all[Math.floor(Math.random() * all.length)] ?? ["", ""];
    waiting.delete(question);
    const text = `the answer to ${question}`;
    await person.send(quiet % 2 === 0 ? `${handle} ${text}` : `${text} [${handle}]`);
  }
  return { heard };
}

function register(target: Target): void {
  const total = ASKERS * QUESTIONS;
  Deno.test(`${total} questions from ${ASKERS} processes get their own answers: ${target.name}`, async () => {
    const server = await target.start({});
    try {
      const token = await mintSession(TEST_EMAILS[0] ?? "");
      await using person = await AsyncClient.open(server.url, token, { displayName: "phone" });
      const start = performance.now();
      const asked = askFromProcesses(server.url, token);
      const [printed, { heard }] = await Promise.all([asked, answerAll(person, asked)]);
      const crossed = printed.filter(({ question, value }) =>
        value !== `the answer to ${question}`
      );
      assertEquals([printed.length, crossed], [total, []]);
      if (Deno.env.has("ROOMZ_ASKERS")) {
        const seconds = ((performance.now() - start) / 1_000).toFixed(1);
        console.log(
          `${target.name}: ${total} questions, ${
            total - crossed.length
          } right, ${crossed.length} crossed, ` +
            `${heard} messages of the askers, ${seconds} s`,
        );
      }
    } finally {
      await server.stop();
    }
  });
}

/**
 * Asks one question through a connection that is cut at some moment around the person's answer. Resolves to
 * whether that answer was taken.
 */
async function askThroughCut(url: string, email: string): Promise<boolean> {
  const token = await mintSession(email);
  await using proxy = new CutProxy(url);
  await using person = await AsyncClient.open(url, token, { displayName: "phone" });
  await using client = await AsyncClient.open(proxy.url, token, {
    displayName: "agent",
    maxReconnectAttempts: Infinity,
    reconnectDelay: 50,
  });
  let said = 0;
  let isTold = false;
  const heard = Promise.withResolvers<string>();
  person.on("message", async ({ content, own }) => {
    const notice = readNotice(content);
    if (own || notice?.kind !== "question") return;
    isTold ||= content.startsWith("The connection was lost for a while");
    heard.resolve(notice.handle);
    if (++said > 1) await person.send(`${notice.handle} later`);
  });
  const asked = ask(client, "Which?", { timeout: "1m" });
  const handle = await heard.promise;
  const pause = (limit: number) => new Promise((done) => setTimeout(done, Math.random() * limit));
  await Promise.all([
    pause(1_500).then(async () => {
      proxy.cut();
      await pause(500);
      proxy.mend();
    }),
    pause(2_000).then(() => person.send(`${handle} first`)),
  ]);
  const { value, perhapsMissed } = await asked;
  // Whatever was not taken, the room and the asker know that something may be missing.
  if (value !== "first") assertEquals([value, perhapsMissed, isTold], ["later", true, true]);
  return value === "first";
}

function registerCuts(target: Target): void {
  Deno.test(`an answer given while the asker reconnects is taken, or said to be missed: ${target.name}`, async () => {
    const server = await target.start({});
    try {
      const emails = TEST_EMAILS.slice(1, 1 + CUTS);
      const taken = await Promise.all(emails.map((email) => askThroughCut(server.url, email)));
      const count = taken.filter((one) => one).length;
      if (Deno.env.has("ROOMZ_CUTS")) {
        console.log(
          `${target.name}: ${CUTS} cuts, ${count} taken, ${CUTS - count} said to be missed`,
        );
      }
    } finally {
      await server.stop();
    }
  });
}

register(devTarget);
registerCuts(devTarget);
const found = await findPythonWithRoomz();
if ("python" in found) {
  register(realTarget(found.python));
  registerCuts(realTarget(found.python));
} else skip("many questions at once on the real server", found.missing);

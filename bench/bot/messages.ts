/**
 * The time from a message to the end of its handler, in order per device and with a session in memory,
 * next to grammY with sequentialize and session. Several devices send bursts of messages; each burst is
 * awaited.
 *
 * Both count in a session per device. Their guarantees differ: grammY's in-memory session is a live
 * object that every handler gets; it is never serialized, copied or compared. Ours is stored as JSON:
 * parsed for every handler, validated, compared, and, if it changed, written with the version that was
 * read. So a handler that throws changes nothing, and a race is detected. Ours also drops duplicate
 * messages.
 *
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";
import { sequentialize } from "npm:@grammyjs/runner@2.0.3";
import { type Context, session, type SessionFlavor } from "npm:grammy@1.46.0";
import { BenchBot } from "./bench_bot.ts";
import type { Contender, Contest } from "./contest.ts";
import { commandUpdate, grammyBot } from "./grammy_bot.ts";

const DEVICES = 20;
/** The number of messages in a burst. */
const BURST = 200;

/** With 20 commands and with one, because grammY tries one command after the other. */
export function messages(): readonly Contest[] {
  return [{
    title: "message to handler with order and session, in a bot of 20 commands",
    contenders: [roomz(20, true), grammy(20, true)],
    wanted: { "grammY": 3 },
  }, {
    title: "the same in a bot of 1 command",
    contenders: [roomz(1, true), grammy(1, true)],
    wanted: { "grammY": 3 },
  }, {
    title: "with order only, in a bot of 20 commands",
    contenders: [roomz(20, false), grammy(20, false)],
    wanted: {},
  }, {
    title: "with order only, in a bot of 1 command",
    contenders: [roomz(1, false), grammy(1, false)],
    wanted: {},
  }];
}

function roomz(commands: number, withSession: boolean): Contender {
  let done = 0;
  const others = Object.fromEntries(
    Array.from({ length: commands - 1 }, (_, i) => [`other${i}`, "Not measured."]),
  );
  const bot = withSession
    ? defineBot({
      name: "bench",
      session: { initial: () => ({ count: 0 }), scope: "device" },
      groups: [{ commands: others }],
      commands: {
        "add <by:int>": ({ args, session }) => {
          session.count += args.by;
          done++;
        },
      },
    })
    : defineBot({
      name: "bench",
      groups: [{ commands: others }],
      commands: { "add <by:int>": () => void done++ },
    });
  const running = new BenchBot(bot);
  return {
    name: "roomz",
    batch: BURST,
    async run(times) {
      for (let bursts = 0; bursts < times; bursts++) {
        const before = done;
        for (let i = 0; i < BURST; i++) running.say("!add 1", `device ${i % DEVICES}`);
        await running.idle();
        if (done !== before + BURST) throw new Error("The handler was not called.");
      }
    },
  };
}

type Counting = Context & SessionFlavor<{ count: number }>;

function grammy(commands: number, withSession: boolean): Contender {
  const bot = grammyBot<Counting>();
  bot.use(sequentialize((ctx) => String(ctx.chat?.id)));
  if (withSession) bot.use(session({ initial: () => ({ count: 0 }) }));
  for (let i = 0; i < commands - 1; i++) bot.command(`other${i}`, () => {});
  let done = 0;
  bot.command("add", (ctx) => {
    const by = Number(ctx.match);
    if (withSession) ctx.session.count += by;
    done++;
  });
  return {
    name: "grammY",
    batch: BURST,
    async run(times) {
      for (let bursts = 0; bursts < times; bursts++) {
        const before = done;
        await Promise.all(Array.from({ length: BURST }, (_, i) => {
          return bot.handleUpdate(commandUpdate("add", i % DEVICES + 1, " 1"));
        }));
        if (done !== before + BURST) throw new Error("grammY did not call the handler.");
      }
    },
  };
}

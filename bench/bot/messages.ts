/**
 * A message to the end of its handler, in the order of its device and with a session in memory, against
 * grammY with sequentialize and session: bursts of messages of some devices, each burst waited for.
 *
 * Both count in a session of the device, whose messages come one after the other. What they promise
 * differs: grammY's session in memory is a live object that is handed to every handler, and nothing of
 * it is written, copied or compared. Ours is kept as JSON: read anew for every handler, checked,
 * compared, and written with the version that was read if it has changed, so that a handler that throws
 * changes nothing and two that race are told. Ours also drops a message that came before.
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
/** So many messages are under way at a time. */
const BURST = 200;

/** In bots of some commands and of one: grammY asks one command after the other. */
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

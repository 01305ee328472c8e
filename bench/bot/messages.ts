/**
 * A message to its handler, in the order of its device and with a session in memory, against grammY
 * with sequentialize and session.
 * @module
 */
import { sequentialize } from "npm:@grammyjs/runner@2.0.3";
import { defineBot } from "@roomz/roomz/bot";
import { type Context, session, type SessionFlavor } from "npm:grammy@1.46.0";
import type { Contender, Contest } from "./contest.ts";
import { commandUpdate, grammyBot } from "./grammy_bot.ts";
import { RunningBot } from "./running_bot.ts";

const DEVICES = 20;
/** So many messages are under way at a time. */
const BURST = 200;

/** Every handler counts in its device's session. */
export async function messages(): Promise<readonly Contest[]> {
  return [{
    title: "a message to its handler, with order and session, in a bot of 20 commands",
    contenders: [await roomz(20, true), grammy(20, true)],
    wanted: { "grammY": 3 },
  }, {
    title: "the same in a bot of 1 command",
    contenders: [await roomz(1, true), grammy(1, true)],
    wanted: {},
  }, {
    title: "with order only, in a bot of 20 commands",
    contenders: [await roomz(20, false), grammy(20, false)],
    wanted: {},
  }];
}

async function roomz(commands: number, withSession: boolean): Promise<Contender> {
  let done = 0;
  let wake = () => {};
  const count = () => {
    if (++done % BURST === 0) wake();
  };
  const others = Object.fromEntries(
    Array.from({ length: commands - 1 }, (_, i) => [`other${i}`, "Not measured."]),
  );
  const bot = withSession
    ? defineBot({
      name: "bench",
      session: { initial: () => ({ count: 0 }), scope: "device" },
      use: [async (_ctx, next) => {
        await next();
        count();
      }],
      groups: [{ commands: others }],
      commands: { "add <by:int>": ({ args, session }) => void (session.count += args.by) },
    })
    : defineBot({
      name: "bench",
      groups: [{ commands: others }],
      commands: { "add <by:int>": () => count() },
    });
  const running = await RunningBot.start(bot);
  return {
    name: "roomz",
    batch: BURST,
    async run(times) {
      for (let bursts = 0; bursts < times; bursts++) {
        const burst = new Promise<void>((resolve) => wake = resolve);
        for (let i = 0; i < BURST; i++) running.say("!add 1", `device ${i % DEVICES}`);
        await burst;
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

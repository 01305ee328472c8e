/**
 * A message to the last of many commands, whose handler does nothing.
 *
 * grammY routes by calling one middleware after the other, so its routing cannot be measured separately.
 * Both sides are therefore measured from the message to the end of its handler, one message at a time:
 *
 * - both make the message, find its command, make a context, call the handler, and are awaited;
 * - ours also drops duplicate messages, keeps the order per device, and parses arguments;
 * - grammY's update is already marked as a command, as by Telegram; ours finds the command in the text.
 *
 * @module
 */
import { type Bot, defineBot } from "@roomz/roomz/bot";
import { programOf } from "../../bot/run/bot.ts";
import { BenchBot, messageOf } from "./bench_bot.ts";
import type { Contender, Contest } from "./contest.ts";
import { commandUpdate, grammyBot } from "./grammy_bot.ts";

/** Next to grammY, and 1,000 commands next to 10. */
export function routing(): readonly Contest[] {
  return [
    {
      title: "route to the last of 100 commands: from the message to the end of its handler",
      contenders: [roomz(100), grammy(100)],
      wanted: { "grammY 100": 25 },
    },
    {
      title: "the same for the last of 1,000 commands, and of 10",
      contenders: [roomz(1_000), roomz(10)],
      wanted: { "roomz 10": 1 / 1.3 },
    },
    {
      title: "only routing, to the last of 1,000 commands, and of 10",
      contenders: [decision(1_000), decision(10)],
      wanted: { "roomz 10": 1 / 1.3 },
    },
  ];
}

function botOf(count: number, run: () => void): Bot {
  const commands = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`command${i}`, run]),
  );
  return defineBot({ name: "bench", commands });
}

function roomz(count: number): Contender {
  let calls = 0;
  const running = new BenchBot(botOf(count, () => void calls++));
  const line = `!command${count - 1}`;
  return {
    name: `roomz ${count}`,
    async run(times) {
      const before = calls;
      for (let i = 0; i < times; i++) {
        running.say(line, "laptop");
        await running.idle();
      }
      if (calls !== before + times) throw new Error("The handler was not called.");
    },
  };
}

function grammy(count: number): Contender {
  let calls = 0;
  const bot = grammyBot();
  for (let i = 0; i < count; i++) bot.command(`command${i}`, () => void calls++);
  return {
    name: `grammY ${count}`,
    async run(times) {
      const before = calls;
      for (let i = 0; i < times; i++) {
        await bot.handleUpdate(commandUpdate(`command${count - 1}`, 1));
      }
      if (calls !== before + times) throw new Error("grammY did not call the handler.");
    },
  };
}

function decision(count: number): Contender {
  const program = programOf(botOf(count, () => {}));
  const message = messageOf("m", `!command${count - 1}`, "laptop");
  return {
    name: `roomz ${count}`,
    run(times) {
      for (let i = 0; i < times; i++) {
        if (program.planMessage(message) === undefined) {
          throw new Error("The command was not found.");
        }
      }
    },
  };
}

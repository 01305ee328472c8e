/**
 * A message to the last of many commands: to the decision what to do about it, and to its handler.
 *
 * grammY decides by calling one middleware after the other: what it takes includes the call of a
 * handler that does nothing.
 * @module
 */
import { type Bot, defineBot } from "@roomz/roomz/bot";
import { programOf } from "../../bot/bot.ts";
import type { Contender, Contest } from "./contest.ts";
import { commandUpdate, grammyBot } from "./grammy_bot.ts";
import { messageOf, RunningBot } from "./running_bot.ts";

/** Against grammY, and 1,000 commands against 10. */
export async function routing(): Promise<readonly Contest[]> {
  return [
    {
      title: "route to the last of 100 commands",
      contenders: [route(100), grammy(100)],
      wanted: { "grammY 100": 25 },
    },
    {
      title: "route to the last of 1,000 commands, and of 10",
      contenders: [route(1_000), route(10)],
      wanted: { "roomz 10": 1 / 1.3 },
    },
    {
      title: "a message to the handler of the last of 100 commands",
      contenders: [await roomz(100), grammy(100)],
      wanted: {},
    },
  ];
}

function botOf(count: number, run: () => void): Bot {
  const commands = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`command${i}`, run]),
  );
  return defineBot({ name: "bench", commands });
}

function route(count: number): Contender {
  const program = programOf(botOf(count, () => {}));
  const message = messageOf("m", `!command${count - 1}`, "laptop");
  return {
    name: `roomz ${count}`,
    run(times) {
      for (let i = 0; i < times; i++) {
        if (program.planMessage(message) === undefined) {
          throw new Error("There is no such command.");
        }
      }
    },
  };
}

async function roomz(count: number): Promise<Contender> {
  let calls = 0;
  const running = await RunningBot.start(botOf(count, () => void calls++));
  const line = `!command${count - 1}`;
  return {
    name: `roomz ${count}`,
    async run(times) {
      const before = calls;
      for (let i = 0; i < times; i++) {
        running.say(line, "laptop");
        await undefined;
      }
      while (calls < before + times) await undefined;
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

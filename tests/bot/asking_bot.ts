/**
 * A bot that asks.
 * @module
 */
import { type AskOptions, type Bot, defineBot } from "@roomz/roomz/bot";

/** A bot whose command `ask` asks one thing, and what its `catch` saw. */
export function asking(options: AskOptions = {}): { bot: Bot; caught: unknown[] } {
  const caught: unknown[] = [];
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask": async ({ ask, device }) => `${device} said ${await ask("What?", options)}`,
      "ping": "pong",
    },
    catch: (error) => {
      caught.push(error);
      return "caught";
    },
  });
  return { bot, caught };
}

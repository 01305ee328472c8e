/**
 * A bot that asks a question.
 * @module
 */
import { type AskOptions, type Bot, defineBot } from "@roomz/roomz/bot";

/** A bot whose command `ask` asks one question, and the errors that its `catch` received. */
export function asking(options: AskOptions = {}): { bot: Bot; caught: unknown[] } {
  const caught: unknown[] = [];
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask [after:duration=0s]": async ({ args, ask, clock, device }) => {
        if (args.after > 0) {
          await new Promise<void>((resolve) => clock.schedule(resolve, args.after));
        }
        return `${device} said ${await ask("What?", options)}`;
      },
      "ping": "pong",
    },
    catch: (error) => {
      caught.push(error);
      return "caught";
    },
  });
  return { bot, caught };
}

/**
 * `answers`: a short conversation with a bot.
 * @module
 */
import type { Bot } from "../bot/mod.ts";
import { testBot } from "./test_bot.ts";

/**
 * What a bot answers to lines that one device says one after the other, each when the bot is done with
 * the one before: a list for each line. For more than that there is `testBot`.
 *
 * @throws {ConfigurationError} `bot` is none.
 *
 * @example A conversation
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineBot } from "@roomz/roomz/bot";
 * import { answers } from "@roomz/roomz/testing";
 *
 * const bot = defineBot({
 *   name: "helper",
 *   commands: {
 *     "ping": "pong",
 *     "count <to:int>": async function* ({ args }) {
 *       for (let n = 1; n <= args.to; n++) yield `${n}`;
 *     },
 *   },
 * });
 * assertEquals(await answers(bot, "!ping", "!count 2", "hello"), [["pong"], ["1", "2"], []]);
 * ```
 */
export async function answers(
  bot: Bot,
  ...lines: readonly string[]
): Promise<readonly (readonly string[])[]> {
  await using room = await testBot(bot);
  const device = room.device("phone");
  const answers: (readonly string[])[] = [];
  for (const line of lines) answers.push(await device.say(line));
  return answers;
}

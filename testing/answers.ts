/**
 * `answers`: runs a short conversation with a bot.
 * @module
 */
import type { Bot } from "../bot/mod.ts";
import { testBot } from "./test_bot.ts";

/**
 * Has one device say the lines, one after the other, and returns a list of the bot's replies for each
 * line. For anything more, use `testBot`.
 *
 * @throws {ConfigurationError} `bot` was not made by `defineBot`.
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

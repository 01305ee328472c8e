/**
 * `testBot`: runs a bot without a network.
 * @module
 */
import type { Bot } from "../bot/mod.ts";
import { checkBot, type TestOptions } from "./test_options.ts";
import { TestRoom } from "./test_room.ts";

/**
 * Runs a bot in a room in memory; resolves when it is connected. The bot layer and the client are
 * real; the server, the network, the clock and the storage are simulated.
 *
 * @throws {ConfigurationError} `bot` was not made by `defineBot`, or an option is invalid.
 *
 * @example Test a bot
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineBot } from "@roomz/roomz/bot";
 * import { testBot } from "@roomz/roomz/testing";
 *
 * const bot = defineBot({
 *   name: "helper",
 *   commands: { "add <numbers:number...>": ({ args }) => `${args.numbers.reduce((a, b) => a + b)}` },
 * });
 *
 * Deno.test("add sums its arguments", async () => {
 *   await using room = await testBot(bot);
 *   const phone = room.device("phone");
 *   assertEquals(await phone.say("!add 1 2.5"), ["3.5"], room.transcript);
 * });
 * ```
 */
export async function testBot(bot: Bot, options: TestOptions = {}): Promise<TestRoom> {
  checkBot("testBot", bot);
  const room = new TestRoom(bot, options);
  await room.settled();
  return room;
}

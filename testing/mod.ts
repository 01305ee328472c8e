/**
 * Tests bots without a network. Virtual devices talk to the bot, the test moves the clock, and can
 * cause crashes and network faults.
 *
 * Use {@linkcode answers} for a simple conversation and {@linkcode testBot} for everything else. The
 * functions return values and contain no assertions: use any assertion library.
 *
 * @example A bot and its test
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineBot } from "@roomz/roomz/bot";
 * import { testBot } from "@roomz/roomz/testing";
 *
 * const bot = defineBot({
 *   name: "todo",
 *   session: { initial: () => ({ todos: [] as string[] }) },
 *   commands: {
 *     "add <text...>": ({ args, session }) => `${session.todos.push(args.text)} to do.`,
 *   },
 * });
 *
 * Deno.test("an item survives a crash", async () => {
 *   await using room = await testBot(bot);
 *   await room.device("phone").say("!add milk");
 *   room.crash();
 *   await room.restart();
 *   assertEquals(await room.device("laptop").say("!add bread"), ["2 to do."], room.transcript);
 * });
 * ```
 * @module
 */

// Start here: a conversation in one call, or a room with devices, a clock and faults.
export { answers } from "./answers.ts";
export { testBot } from "./test_bot.ts";
export type { TestOptions } from "./test_options.ts";

// The room and its devices, as testBot returns them.
export { TestRoom } from "./test_room.ts";
export { type SayOptions, TestDevice } from "./test_device.ts";
export type { LogEntry } from "./test_log.ts";

// For experts: several bots in one room, and reordered messages.
export type { AddedBotOptions } from "./test_options.ts";
export type { Reorder } from "./bot_connection.ts";

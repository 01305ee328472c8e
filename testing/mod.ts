/**
 * A bot tested without a network: virtual devices say things and hear the answers, time goes by when
 * the test says so, and faults happen where it wants them.
 *
 * Start with {@linkcode answers} for a conversation, {@linkcode testBot} for everything else. Nothing
 * here asserts: it returns values, for the assertions that you like.
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
 * Deno.test("what the phone adds is there after a restart", async () => {
 *   await using room = await testBot(bot);
 *   await room.device("phone").say("!add milk");
 *   room.crash();
 *   await room.restart();
 *   assertEquals(await room.device("laptop").say("!add bread"), ["2 to do."], room.transcript);
 * });
 * ```
 * @module
 */
export { testBot } from "./test_bot.ts";
export type { AddedBotOptions, TestOptions } from "./test_options.ts";
export { TestRoom } from "./test_room.ts";
export { type SayOptions, TestDevice } from "./test_device.ts";
export type { LogEntry } from "./test_log.ts";
export type { Reorder } from "./bot_connection.ts";
export { answers } from "./answers.ts";

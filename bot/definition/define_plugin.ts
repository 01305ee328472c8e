/**
 * `definePlugin`: what a bot takes from elsewhere, as one value.
 * @module
 */
import type { StateOf } from "../middleware/middleware.ts";
import type { Group, Plugin, PluginDefinition, Used } from "./definition.ts";

/**
 * Commands, reactions, flows, schedules and middleware as one value, which a bot names in its `use`.
 * Its middleware is around all of the bot from that place on, so that the bot's own handlers have the
 * state that it adds, with its type; its commands are the bot's. What is only around the plug-in's own
 * commands stands in a group of its `groups`.
 *
 * Its `session` is its own, kept under its name beside that of the bot. What is wrong in it is told by
 * the `defineBot` that takes it.
 *
 * @example A plug-in, and a bot that uses it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { defineBot, definePlugin } from "@roomz/roomz/bot";
 * import { answers } from "@roomz/roomz/testing";
 *
 * const notes = definePlugin({
 *   name: "notes",
 *   use: [(ctx, next) => next({ sign: (text: string) => `${text} (${ctx.device})` })],
 *   session: { initial: () => ({ notes: [] as string[] }) },
 *   commands: {
 *     "note <text...>": ({ args, session, sign }) =>
 *       `Note ${session.notes.push(sign(args.text))}.`,
 *     "notes": ({ session }) => session.notes.join(", "),
 *   },
 * });
 *
 * const bot = defineBot({
 *   name: "helper",
 *   use: [notes],
 *   commands: { "hello": ({ sign }) => sign("Hello.") },
 * });
 * assertEquals(await answers(bot, "!note milk", "!notes", "!hello"), [
 *   ["Note 1."],
 *   ["milk (phone)"],
 *   ["Hello. (phone)"],
 * ]);
 * ```
 */
export function definePlugin<
  const K extends string,
  const M extends readonly Used[] = readonly Used[],
  S extends object = never,
  F extends string = never,
>(definition: PluginDefinition<K, M, S, F>): Plugin<StateOf<M> & object>;
export function definePlugin({ name, ...group }: Group & { readonly name: string }): Plugin {
  return { name, group };
}

/**
 * `definePlugin`: defines a reusable part of bots.
 * @module
 */
import type { StateOf } from "../middleware/middleware.ts";
import type { Group, Plugin, PluginDefinition, Used } from "./definition.ts";
import { checkPlugin } from "./shapes.ts";

/**
 * Defines a reusable part of bots: commands, other handlers, flows, schedules and middleware, as a
 * value for `use`. Its middleware wraps the whole bot, at its position in `use`, so the bot's own
 * handlers have the state that it adds, with its type. For middleware around only the plug-in's
 * commands, put it in one of its `groups`.
 *
 * Its `session` is separate from the bot's, and stored under the plug-in's name. Unknown keys and wrong
 * shapes are reported here, other mistakes, such as an invalid signature, by `defineBot`.
 *
 * @throws {BotDefinitionError} The definition has an unknown key, or a value of the wrong shape.
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
export function definePlugin(definition: Group & { readonly name: string }): Plugin {
  checkPlugin(definition);
  const { name, ...group } = definition;
  return { name, group };
}

/**
 * `defineGroup`: defines commands that share middleware, separately from a bot.
 * @module
 */
import type { Group, GroupDefinition, Used } from "./definition.ts";
import { checkGroup } from "./shapes.ts";

/**
 * Defines commands and other handlers that share middleware, as a value for `groups`. The handlers
 * see the state that the group's own `use` adds. Unknown keys and wrong shapes are reported here, other
 * mistakes, such as an invalid signature, by `defineBot`.
 *
 * @throws {BotDefinitionError} The definition has an unknown key, or a value of the wrong shape.
 *
 * @example A group in a file of its own
 * ```ts
 * import { defineBot, defineGroup } from "@roomz/roomz/bot";
 *
 * const admin = defineGroup({
 *   use: [async (ctx, next) => {
 *     if (ctx.device === "laptop") return await next({ admin: ctx.device });
 *     await ctx.reply("From the laptop only.");
 *   }],
 *   commands: { "stop <service>": ({ args, admin }) => `${admin} stopped ${args.service}.` },
 * });
 *
 * const bot = defineBot({ name: "helper", groups: [admin] });
 * console.log(bot.manifest.commands.map((command) => command.name)); // ["stop", "help"]
 * ```
 */
export function defineGroup<
  const K extends string,
  const M extends readonly Used[] = readonly Used[],
  S extends object = never,
  F extends string = never,
>(definition: GroupDefinition<K, M, S, F>): Group;
export function defineGroup(definition: Group): Group {
  checkGroup(definition);
  return definition;
}

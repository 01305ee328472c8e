/**
 * Middleware that lets messages through by the display name of the device they come from.
 * @module
 */
import { BotDefinitionError } from "../text/definition_error.ts";
import { quoted } from "../text/quoted_text.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Lets only messages of the devices with these display names through, in upper or lower case; the
 * others are told so when they call a command. A filter, not security: every connection in the room
 * chooses its own display name.
 *
 * @throws {BotDefinitionError} There is no name.
 *
 * @example A command for one device
 * ```ts
 * import { defineBot, onlyFrom } from "@roomz/roomz/bot";
 *
 * defineBot({
 *   name: "helper",
 *   commands: { "lock": { use: [onlyFrom("laptop")], run: "Locked." } },
 * });
 * ```
 */
export function onlyFrom(...names: readonly string[]): Middleware {
  const folded = foldAll(names, "onlyFrom");
  const answer = `That works only from ${names.map(quoted).join(" or ")}.`;
  return async (ctx, next) => {
    if (isAmong(folded, ctx.device)) return await next();
    if (ctx.command !== undefined) await ctx.reply(answer);
  };
}

/**
 * Lets no message of the devices with these display names through, in upper or lower case, without a
 * word: for other bots in the room. A filter, not security: every connection chooses its own name.
 *
 * @throws {BotDefinitionError} There is no name.
 *
 * @example Two bots that leave each other alone
 * ```ts
 * import { defineBot, ignore } from "@roomz/roomz/bot";
 *
 * defineBot({
 *   name: "echo",
 *   use: [ignore("parrot")],
 *   hears: [[/./, ({ message }) => message.content]],
 * });
 * ```
 */
export function ignore(...names: readonly string[]): Middleware {
  const folded = foldAll(names, "ignore");
  return async (ctx, next) => {
    if (!isAmong(folded, ctx.device)) return await next();
  };
}

function foldAll(names: readonly string[], path: string): ReadonlySet<string> {
  if (names.length === 0) {
    throw new BotDefinitionError({ problem: "Name at least one device.", path: `${path}()` });
  }
  return new Set(names.map(fold));
}

function isAmong(folded: ReadonlySet<string>, device: string | null): boolean {
  return device !== null && folded.has(fold(device));
}

function fold(name: string): string {
  return name.trim().normalize("NFC").toLowerCase();
}

/**
 * Middleware that filters messages by the display name of the sending device.
 * @module
 */
import { foldName } from "../context/device_key.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { quoted } from "../text/quoted_text.ts";
import { checkShape, fits, listOf } from "../text/shape.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Lets only messages from devices with these display names through, ignoring case. Other devices get
 * an answer that says so when they call a command. This is a filter, not security: every connection
 * in the room chooses its own display name.
 *
 * @throws {BotDefinitionError} No name is given, or something that is not a name.
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
  const normalized = normalizeAll(names, "onlyFrom");
  const refusal = `That works only from ${names.map(quoted).join(" or ")}.`;
  return async (ctx, next) => {
    if (includes(normalized, ctx.device)) return await next();
    if (ctx.command !== undefined) await ctx.reply(refusal);
  };
}

/**
 * Silently drops all messages from devices with these display names, ignoring case; meant for other
 * bots in the room. This is a filter, not security: every connection chooses its own display name.
 *
 * @throws {BotDefinitionError} No name is given, or something that is not a name.
 *
 * @example Ignore another bot
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
  const normalized = normalizeAll(names, "ignore");
  return async (ctx, next) => {
    if (!includes(normalized, ctx.device)) return await next();
  };
}

const deviceNames = listOf(
  "strings",
  "A device's name",
  fits(
    "a string that is not empty",
    (value) => typeof value === "string" && foldName(value) !== "",
  ),
);

function normalizeAll(names: readonly string[], path: string): ReadonlySet<string> {
  if (names.length === 0) {
    throw new BotDefinitionError({ problem: "Name at least one device.", path: `${path}()` });
  }
  checkShape(deviceNames, names, "The names", `${path}(…)`);
  return new Set(names.map(foldName));
}

function includes(normalized: ReadonlySet<string>, device: string | null): boolean {
  return device !== null && normalized.has(foldName(device));
}

/**
 * Middleware that lets a device, a command or a channel call a bot only so often.
 * @module
 */
import type { Clock } from "../context/clock.ts";
import type { MessageContext } from "../context/context.ts";
import { deviceKey } from "../context/device_key.ts";
import { SlidingWindow } from "../context/sliding_window.ts";
import { type Duration, formatDuration, readDuration } from "../signature/duration.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import type { Middleware } from "./middleware.ts";

/** What `cooldown` takes. */
export interface CooldownOptions {
  /** How many messages get through within any stretch of time as long as `window`. */
  readonly limit: number;
  /** The length of that time. */
  readonly window: Duration;
  /**
   * What is counted apart: every device (account and display name), every command whoever calls it,
   * or nothing but the whole channel. Default: `"device"`.
   */
  readonly per?: "device" | "command" | "channel";
}

/**
 * Lets `limit` messages through within any `window`; one more is answered with the time to wait, once
 * until one gets through again, and does not count. It is in memory: a restart begins anew.
 *
 * @throws {BotDefinitionError} `limit` is not a whole number from 1, or `window` no duration.
 *
 * @example Five commands in ten seconds, and one deployment a minute
 * ```ts
 * import { cooldown, defineBot } from "@roomz/roomz/bot";
 *
 * defineBot({
 *   name: "helper",
 *   use: [cooldown({ limit: 5, window: "10s" })],
 *   commands: {
 *     "deploy <service>": {
 *       use: [cooldown({ limit: 1, window: "1m", per: "command" })],
 *       run: ({ args }) => `Deploying ${args.service}…`,
 *     },
 *   },
 * });
 * ```
 */
export function cooldown({ limit, window, per = "device" }: CooldownOptions): Middleware {
  if (!Number.isInteger(limit) || limit < 1) {
    const problem = `The limit of a cooldown is a whole number from 1. This is ${limit}.`;
    throw new BotDefinitionError({ problem, path: "cooldown({ limit })" });
  }
  const length = readDuration(window, "cooldown({ window })");
  const keyOf = keys[per];
  // What one clock counts means nothing on another; a test has a clock of its own.
  const windows = new WeakMap<Clock, SlidingWindow>();
  return async (ctx, next) => {
    let taken = windows.get(ctx.clock);
    if (taken === undefined) {
      taken = new SlidingWindow(limit, length);
      windows.set(ctx.clock, taken);
    }
    const taking = taken.take(keyOf(ctx), ctx.clock.monotonic());
    if (taking.taken) return await next();
    ctx.log.info(`not run: more than ${limit} in ${formatDuration(length)}`);
    if (taking.first) await ctx.reply(`Too often. Try again in ${formatDuration(taking.wait)}.`);
  };
}

const keys: Readonly<Record<"device" | "command" | "channel", (ctx: MessageContext) => string>> = {
  device: ({ user }) => deviceKey(user),
  command: ({ user, command }) => `${user.id}\0${command ?? ""}`,
  channel: ({ user }) => user.id,
};

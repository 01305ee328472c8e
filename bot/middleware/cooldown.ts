/**
 * Rate-limiting middleware: per device, per command or per channel.
 * @module
 */
import type { Clock } from "../context/clock.ts";
import type { MessageContext } from "../context/context.ts";
import { deviceKey } from "../context/device_key.ts";
import { SlidingWindow } from "../context/sliding_window.ts";
import {
  type Duration,
  durationCheck,
  formatDuration,
  readDuration,
} from "../signature/duration.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { checkShape, fits, oneOf, recordOf } from "../text/shape.ts";
import type { Middleware } from "./middleware.ts";

/** What `cooldown` takes. */
export interface CooldownOptions {
  /** How many messages get through within any `window`. */
  readonly limit: number;
  /** The length of the window. */
  readonly window: Duration;
  /**
   * What shares a limit: the messages of one device (account and display name), all calls of one
   * command, or everything in the channel. Default: `"device"`.
   */
  readonly per?: "device" | "command" | "channel";
}

const cooldownOptions = recordOf<keyof CooldownOptions>({
  expected: 'an object such as { limit: 5, window: "10s" }',
  lacks: "cooldown has no option",
  keys: {
    limit: fits("a whole number, 1 or more", (value) => typeof value === "number"),
    window: durationCheck,
    per: oneOf("device", "command", "channel"),
  },
  required: {
    limit: "cooldown needs `limit`, a number of messages.",
    window: 'cooldown needs `window`, such as "10s".',
  },
  instead: {
    max: "Write `limit`.",
    messages: "Write `limit`.",
    time: "Write `window`.",
    interval: "Write `window`.",
    duration: "Write `window`.",
    scope: "Write `per`.",
  },
});

/**
 * Lets at most `limit` messages through within any `window`. The first message over the limit is
 * answered with the time to wait; further ones are dropped silently until one gets through again.
 * Dropped messages do not count, and neither do answers to questions of the bot. The counts are kept in memory: a restart resets them.
 *
 * @throws {BotDefinitionError} `limit` is not a positive whole number, `window` is not a duration, or
 * there is an unknown option.
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
export function cooldown(options: CooldownOptions): Middleware {
  checkShape(cooldownOptions, options, "This", "cooldown(…)");
  const { limit, window, per = "device" } = options;
  if (!Number.isInteger(limit) || limit < 1) {
    const problem = `The limit of a cooldown must be a whole number, 1 or more, not ${limit}.`;
    throw new BotDefinitionError({ problem, path: "cooldown(…).limit" });
  }
  const length = readDuration(window, "cooldown(…).window");
  const keyOf = keys[per];
  // Times of different clocks cannot be compared, and each test brings its own clock.
  const windows = new WeakMap<Clock, SlidingWindow>();
  return async (ctx, next) => {
    // The bot asked for the message.
    if (ctx.flow !== undefined) return await next();
    let slidingWindow = windows.get(ctx.clock);
    if (slidingWindow === undefined) {
      slidingWindow = new SlidingWindow(limit, length);
      windows.set(ctx.clock, slidingWindow);
    }
    const admission = slidingWindow.admit(keyOf(ctx), ctx.clock.monotonic());
    if (admission.admitted) return await next();
    ctx.log.info(`rate limit exceeded: more than ${limit} in ${formatDuration(length)}`);
    if (admission.first) {
      await ctx.reply(`Too many requests. Try again in ${formatDuration(admission.wait)}.`);
    }
  };
}

const keys: Readonly<Record<"device" | "command" | "channel", (ctx: MessageContext) => string>> = {
  device: ({ user }) => deviceKey(user),
  command: ({ user, command }) => `${user.id}\0${command ?? ""}`,
  channel: ({ user }) => user.id,
};

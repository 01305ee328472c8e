/**
 * Middleware that stops waiting for handlers that take too long.
 * @module
 */
import { aborted } from "../../client/base/aborted.ts";
import { innerSignal } from "../context/context.ts";
import { type Duration, formatDuration, readDuration } from "../signature/duration.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Limits how long a handler may run, including the time it waits for answers. When the time is up,
 * `ctx.signal` aborts, the bot says so in the room, and the device's next message is handled. A
 * handler that keeps running can no longer reply, and its errors are only logged. Pass `ctx.signal`
 * to slow operations such as `fetch`.
 *
 * @throws {BotDefinitionError} `limit` is not a duration.
 *
 * @example A slow service
 * ```ts
 * import { defineBot, timeout } from "@roomz/roomz/bot";
 *
 * defineBot({
 *   name: "helper",
 *   commands: {
 *     "fetch <url:url>": {
 *       use: [timeout("10s")],
 *       run: async ({ args, signal }) => `${(await fetch(args.url, { signal })).status}`,
 *     },
 *   },
 * });
 * ```
 */
export function timeout(limit: Duration): Middleware {
  const length = readDuration(limit, "timeout()");
  const limitText = formatDuration(length);
  return async (ctx, next) => {
    const expiry = new AbortController();
    const cancel = ctx.clock.schedule(() => {
      expiry.abort(new DOMException(`The handler took longer than ${limitText}.`, "TimeoutError"));
    }, length);
    const inside = next({ [innerSignal]: AbortSignal.any([ctx.signal, expiry.signal]) });
    try {
      await Promise.race([inside, aborted(expiry.signal)]);
    } catch (error) {
      // An operation that was waiting for the signal rejects with it: a timeout, not a failure.
      if (!expiry.signal.aborted) throw error;
    } finally {
      cancel();
    }
    if (!expiry.signal.aborted) return;
    inside.catch((error: unknown) => ctx.log.debug(`failed after it had timed out: ${error}`));
    ctx.log.warn(`timed out after ${limitText}`);
    await ctx.reply(`That took longer than ${limitText}, so it was stopped.`);
  };
}

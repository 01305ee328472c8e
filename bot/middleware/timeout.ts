/**
 * Middleware that stops waiting for a handler that takes too long.
 * @module
 */
import { innerSignal } from "../context/context.ts";
import { type Duration, formatDuration, readDuration } from "../signature/duration.ts";
import type { Middleware } from "./middleware.ts";

/**
 * Gives what is inside so much time, what it waits for answers included. When it is up, `ctx.signal`
 * aborts, the room is told, and the next message of the device has its turn; a handler that goes on
 * regardless can reply no more, and what it throws is only logged. Pass `ctx.signal` on to what takes
 * long, such as `fetch`.
 *
 * @throws {BotDefinitionError} `limit` is no duration.
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
  const inWords = formatDuration(length);
  return async (ctx, next) => {
    const late = new AbortController();
    const cancel = ctx.clock.schedule(() => {
      late.abort(new DOMException(`It took longer than ${inWords}.`, "TimeoutError"));
    }, length);
    const inside = next({ [innerSignal]: AbortSignal.any([ctx.signal, late.signal]) });
    try {
      await Promise.race([inside, aborted(late.signal)]);
    } catch (error) {
      // What was waiting for the signal fails with it: that is the timeout, not a failure.
      if (!late.signal.aborted) throw error;
    } finally {
      cancel();
    }
    if (!late.signal.aborted) return;
    inside.catch((error: unknown) => ctx.log.debug(`after its time was up it ended in ${error}`));
    ctx.log.warn(`stopped after ${inWords}`);
    await ctx.reply(`That took longer than ${inWords}, so it was stopped.`);
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

/**
 * What a handler gives back, and how it becomes messages.
 * @module
 */
import { type SendFailed, splitContent } from "../../client/mod.ts";
import type { BotClient } from "./bot_client.ts";
import type { Pacer } from "./pacer.ts";

/**
 * What a handler may return: the text to reply with, an async iterable (an async generator) whose
 * every text is sent as it comes, or nothing.
 */
export type Reply =
  | string
  | void
  | AsyncIterable<string>
  | Promise<string | void | AsyncIterable<string>>;

/**
 * A reply was not sent, or not acknowledged. `result.delivery` says whether it may have arrived all
 * the same; such a reply is never sent again by itself.
 */
export class ReplyError extends Error {
  /** The class name, so that logs tell the errors apart after bundling. */
  override name = "ReplyError";
  /** What the client reported: `error`, `code` and `delivery`. */
  readonly result: SendFailed;

  /** Says what the client reported. */
  constructor(result: SendFailed) {
    super(`The reply was not acknowledged (${result.code}): ${result.error}`);
    this.result = result;
  }
}

/**
 * Sends a text of any length, in as many messages as it takes; nothing for an empty one.
 * @throws {ReplyError} A part was not acknowledged: those after it are not sent.
 * @throws {ConnectionError} The client is not connected.
 */
export async function sendText(
  client: BotClient,
  text: string,
  signal: AbortSignal,
  pacer?: Pacer,
): Promise<void> {
  // The types forbid it; a text from untyped code can still be none.
  if (typeof text !== "string") throw new TypeError(`A reply is a string, not ${typeOf(text)}.`);
  for (const part of splitContent(text)) {
    await pacer?.turn(signal);
    const result = await client.send(part, { signal });
    if (result.status !== "ok") throw new ReplyError(result);
  }
}

/** Sends what a handler returned; a stream ends early when the bot stops. */
export async function deliver(
  ctx: { reply(text: string): Promise<void>; readonly signal: AbortSignal },
  returned: Reply,
): Promise<void> {
  const reply = await returned;
  if (reply === undefined) return;
  if (typeof reply === "string") return await ctx.reply(reply);
  if (!isAsyncIterable(reply)) {
    // The types forbid it; a handler that gets its reply from untyped code can still do it.
    throw new TypeError(`A handler returned ${typeOf(reply)}: return a string, or nothing.`);
  }
  for await (const part of reply) {
    if (ctx.signal.aborted) return;
    await ctx.reply(part);
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<string> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function typeOf(value: unknown): string {
  return value === null ? "null" : `a value of type ${typeof value}`;
}

/**
 * Replies: what a handler may return, and how it is sent as messages.
 * @module
 */
import { type SendFailed, splitContent } from "../../client/mod.ts";
import type { BotClient } from "./bot_client.ts";
import type { Pacer } from "./pacer.ts";

/**
 * What a handler may return: the text of the reply, an async iterable such as an async generator, each
 * text of which is sent as it arrives, or nothing.
 */
export type Reply =
  | string
  | void
  | AsyncIterable<string>
  | Promise<string | void | AsyncIterable<string>>;

/**
 * A reply was not sent, or was not acknowledged. `result.delivery` says whether it may have arrived
 * anyway. Such a reply is never resent automatically.
 */
export class ReplyError extends Error {
  /** Set explicitly so that the name survives minification. */
  override name = "ReplyError";
  /** What the client reported: `error`, `code` and `delivery`. */
  readonly result: SendFailed;

  /** Builds the message from what the client reported. */
  constructor(result: SendFailed) {
    super(`The reply was not acknowledged (${result.code}): ${result.error}`);
    this.result = result;
  }
}

/**
 * Sends text of any length, split into as many messages as needed; an empty text sends nothing.
 * @throws {ReplyError} A part was not acknowledged; the parts after it are not sent.
 * @throws {ConnectionError} The client is not connected.
 */
export async function sendText(
  client: BotClient,
  text: string,
  signal: AbortSignal,
  pacer?: Pacer,
): Promise<void> {
  // Untyped code can pass anything.
  if (typeof text !== "string") {
    throw new TypeError(`A reply must be a string, not ${typeOf(text)}.`);
  }
  for (const part of splitContent(text)) {
    await pacer?.turn(signal);
    const result = await client.send(part, { signal });
    if (result.status !== "ok") throw new ReplyError(result);
  }
}

/** Sends what a handler returned. A stream ends early when the signal aborts. */
export async function deliver(
  ctx: { reply(text: string): Promise<void>; readonly signal: AbortSignal },
  returned: Reply,
): Promise<void> {
  const reply = await returned;
  if (reply === undefined) return;
  if (typeof reply === "string") return await ctx.reply(reply);
  if (!isAsyncIterable(reply)) {
    // Untyped code can return anything.
    throw new TypeError(
      `A handler returned ${
        typeOf(reply)
      }. Return a string, an async iterable of strings, or nothing.`,
    );
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

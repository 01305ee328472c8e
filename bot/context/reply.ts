/**
 * Replies: what a handler may return, and how it is sent as messages.
 * @module
 */
import type { Outbox } from "../../client/connection/outbox.ts";
import { CANCELLED_BEFORE_SENDING } from "../../client/connection/request_results.ts";
import { type SendFailed, type SendResult, splitContent } from "../../client/mod.ts";
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

/** The way out of a running bot. */
export interface Outbound {
  readonly client: BotClient;
  /** Keeps the parts of a text together. */
  readonly outbox: Outbox;
  /** Limits the send rate; undefined for no limit. */
  readonly pacer: Pacer | undefined;
  /** Aborts what has not been sent when the bot no longer waits for it. */
  readonly signal: AbortSignal;
}

/**
 * Sends text of any length, split into as many messages as needed, with no other message of the bot
 * between them; an empty text sends nothing.
 * @throws {ReplyError} A part was not acknowledged; the parts after it are not sent.
 * @throws {ConnectionError} The client is not connected.
 */
export async function sendText(outbound: Outbound, text: string): Promise<void> {
  // Untyped code can pass anything.
  if (typeof text !== "string") {
    throw new TypeError(`A reply must be a string, not ${typeOf(text)}.`);
  }
  const [first, ...rest] = splitContent(text);
  if (first === undefined) return;
  const result = rest.length === 0
    ? await sendMessage(outbound, first)
    : await sendParts(outbound, text, [first, ...rest]);
  if (result.status !== "ok") throw new ReplyError(result);
}

/** Sends one message, after the text that is being sent, if there is one. */
function sendMessage(outbound: Outbound, content: string): Promise<SendResult> {
  const { client, outbox, pacer, signal } = outbound;
  return pacer === undefined && outbox.free
    ? client.send(content, { signal })
    : outbox.pass(() => sendInTurn(outbound, content), signal);
}

function sendParts(
  outbound: Outbound,
  text: string,
  parts: readonly [string, ...string[]],
): Promise<SendResult> {
  const { client, outbox, pacer, signal } = outbound;
  // The client also keeps out what handlers and other bots send through it.
  if (pacer === undefined && client.sendText !== undefined) {
    return client.sendText(text, { signal });
  }
  return outbox.hold(async () => {
    const [first, ...rest] = parts;
    let result = await sendInTurn(outbound, first);
    for (const part of rest) {
      if (result.status !== "ok") break;
      result = await sendInTurn(outbound, part);
    }
    return result;
  }, signal);
}

/** Sends one message within the send rate. */
async function sendInTurn(
  { client, pacer, signal }: Outbound,
  content: string,
): Promise<SendResult> {
  if (pacer !== undefined) await pacer.turn(signal);
  // It may have waited for its turn, or for another text.
  return signal.aborted ? CANCELLED_BEFORE_SENDING : await client.send(content, { signal });
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

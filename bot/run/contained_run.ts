/**
 * Runs handlers so that nothing they throw gets out: it is logged, and answered where someone waits.
 * @module
 */
import { NoAnswerError } from "../context/ask.ts";
import type { MessageContext, RoomContext } from "../context/context.ts";
import type { Work } from "../context/handler.ts";
import { recordFailure } from "../handler/tracing.ts";
import { SessionConflictError } from "../session/session.ts";
import type { BotRuntime } from "./bot_runtime.ts";

const CONFLICT =
  "Another message changed the same data in the meantime, so your changes were not saved. Send the " +
  "message again.";

/** Runs `task` to its end, in a span if there is a tracer. Never rejects. */
export function runContained(
  { tracer }: BotRuntime,
  ctx: RoomContext & Partial<Pick<MessageContext, "message">>,
  topic: string,
  task: () => Work,
  answer?: string,
): Work {
  if (tracer === undefined) return runOrContain(ctx, task, answer);
  return tracer.run(topic, {
    ...(ctx.device === null ? {} : { "roomz.device": ctx.device }),
    ...(ctx.message === undefined ? {} : { "messaging.message.id": ctx.message.id }),
  }, () => runOrContain(ctx, task, answer));
}

function runOrContain(ctx: RoomContext, task: () => Work, answer?: string): Work {
  try {
    return task()?.catch((error: unknown) => contain(error, ctx, answer));
  } catch (error) {
    return contain(error, ctx, answer);
  }
}

/** Logs what a handler threw and, if there is an `answer`, replies; never rejects. */
export async function contain(error: unknown, ctx: RoomContext, answer?: string): Promise<void> {
  if (ctx.signal.aborted) return ctx.log.warn("interrupted, because the bot stopped");
  if (error instanceof NoAnswerError) {
    ctx.log.info(`no answer: ${error.reason}`);
  } else {
    ctx.log.error("failed", error);
    recordFailure(error);
  }
  if (answer === undefined || !ctx.client.connected) return;
  try {
    await ctx.reply(replyTo(error) ?? answer);
  } catch (cause) {
    ctx.log.error("failed, and so did the reply about the failure", cause);
  }
}

/** The reply to an error that has a more specific one than "that failed". */
function replyTo(error: unknown): string | undefined {
  if (error instanceof NoAnswerError) return error.message;
  return error instanceof SessionConflictError ? CONFLICT : undefined;
}

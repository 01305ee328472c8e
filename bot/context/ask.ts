/**
 * `ctx.ask`: a question, and the answer to it.
 * @module
 */
import type { TypeName } from "../signature/answer_reader.ts";
import type { ValueOf } from "../signature/args_of.ts";
import type { Duration } from "../signature/duration.ts";
import type { Value } from "../signature/value_types.ts";

/** How a question is asked. Every option may be left out. */
export interface AskOptions {
  /**
   * What is asked for, by a name that signatures know: `"int"`, `"date"`, `"dev|prod"`. Default:
   * `"text"`, which is all of the answer.
   */
  readonly type?: string;
  /** How long the answer may take, retries included; 24 days at most. Default: 5 minutes. */
  readonly timeout?: Duration;
  /** The word that ends the question, in any case; false: there is none. Default: `"cancel"`. */
  readonly cancel?: string | false;
  /** What to say to an answer that does not fit. Default: what is wrong with it. */
  readonly retry?: string;
  /**
   * Ends the question when it aborts: for a handler that may stop waiting for it. Left open, it takes
   * the device's next message all the same.
   */
  readonly signal?: AbortSignal;
}

/**
 * Asks whoever sent the message, and resolves to the answer: the next message of the same device that
 * calls no command. Those of other devices are no answers.
 *
 * While it waits, other messages of the device may run; the handler goes on when it is its answer's
 * turn. Of several questions to one device the latest is answered first. Questions are kept in memory:
 * they end with the bot. Where that is not enough, a flow is.
 *
 * @throws {NoAnswerError} The person cancelled, took too long, or the bot stops. A handler that does
 * not catch it ends there, and the person is told why.
 */
export type Ask = <const O extends AskOptions = Record<never, never>>(
  question: string,
  options?: O & KnownType<O>,
) => Promise<AnswerTo<O>>;

/** What a question with these options resolves to: a text unless they name another type. */
export type AnswerTo<O> = O extends { readonly type?: infer T } ? unknown extends T ? string
  : string extends T ? Value
  : T extends string ? ValueOf<T>
  : string
  : string;

/**
 * Where the options name a type that does not exist, a property is missing whose name says so. To want
 * another `type` would do, but then the checker only says that the options are not `undefined`.
 */
export type KnownType<O> = O extends { readonly type: infer T extends string }
  ? string extends T ? unknown
  : TypeName<T> extends T ? unknown
  : { readonly [P in TypeName<T>]: never }
  : unknown;

/** The same questions, which end besides when `signal` aborts. */
export function askWithin(signal: AbortSignal, ask: Ask): Ask {
  // The types of the answers are those of `ask`, of which the signal is no part.
  return (question, options) => ask<AskOptions>(question, { ...options, signal }) as never;
}

/** Why a question ended without an answer. */
export type NoAnswerReason = "cancelled" | "timeout" | "stopped";

const MESSAGES: Readonly<Record<NoAnswerReason, string>> = {
  cancelled: "Cancelled.",
  timeout: "No answer in time: cancelled.",
  stopped: "I am being stopped, and cannot wait for the answer. Ask me again later.",
};

/**
 * A question ended without an answer. It is no failure: `catch` does not see it, and the person is told
 * its message when no handler catches it.
 *
 * @example Do something else when there is no answer
 * ```ts
 * import { defineBot, NoAnswerError } from "@roomz/roomz/bot";
 *
 * const bot = defineBot({
 *   name: "deployer",
 *   commands: {
 *     "deploy": async ({ ask }) => {
 *       try {
 *         const env = await ask("Where to?", { type: "dev|prod", timeout: "1m" });
 *         return `Deploying to ${env}.`;
 *       } catch (error) {
 *         if (error instanceof NoAnswerError && error.reason === "timeout") return "Another time.";
 *         throw error;
 *       }
 *     },
 *   },
 * });
 * console.log(bot.name);
 * ```
 */
export class NoAnswerError extends Error {
  /** The class name, so that logs tell the errors apart after bundling. */
  override name = "NoAnswerError";
  /** Why there is none. */
  readonly reason: NoAnswerReason;

  /** Says it in words for the person who was asked. */
  constructor(reason: NoAnswerReason) {
    super(MESSAGES[reason]);
    this.reason = reason;
  }
}

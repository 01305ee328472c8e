/**
 * The types of `ctx.ask`: questions to a device and their answers.
 * @module
 */
import type { TypeName } from "../signature/answer_reader.ts";
import type { ValueOf } from "../signature/args_of.ts";
import { type Duration, durationCheck } from "../signature/duration.ts";
import type { Value } from "../signature/value_types.ts";
import { type Check, checkShape, fits, listOf, recordOf } from "../text/shape.ts";

/** Options of a question. */
export interface AskOptions {
  /**
   * The type of the answer, named as in signatures: `"int"`, `"date"`, `"dev|prod"`. Default: `"text"`,
   * the whole message.
   */
  readonly type?: string;
  /** How long to wait for the answer, retries included. Default: 5 minutes. */
  readonly timeout?: Duration;
  /** The word that cancels the question, ignoring case; false for none. Default: `"cancel"`. */
  readonly cancel?: string | false;
  /**
   * The reply to an invalid answer. Default: what is wrong with it. A device without a name gets none:
   * see {@linkcode Ask}.
   */
  readonly retry?: string;
  /**
   * The display name of the device that must answer, ignoring case. Default: the device that sent the
   * message. This is a filter, not security: every connection chooses its own display name.
   */
  readonly from?: string;
  /**
   * Cancels the question when it aborts. Use it in a handler that may stop waiting: a question left
   * open still consumes the device's next message.
   */
  readonly signal?: AbortSignal;
}

/** The check of the option `cancel`, here and in flows. */
export const cancelCheck: Check = fits(
  "a word, or false for none",
  (value) => value === false || (typeof value === "string" && value.trim() !== ""),
);

const text = fits("a string", (value) => typeof value === "string");

const askKeys: Readonly<Record<keyof AskOptions, Check>> = {
  type: text,
  timeout: durationCheck,
  cancel: cancelCheck,
  retry: text,
  from: text,
  signal: fits("an AbortSignal", (value) => value instanceof AbortSignal),
};

const otherWords = {
  ttl: "Write `timeout`.",
  device: "Write `from`.",
  user: "Write `from`.",
  default: "Catch the NoAnswerError instead.",
};

const askOptions = recordOf<keyof AskOptions>({
  expected: 'an object such as { type: "int", timeout: "1m" }',
  lacks: "ask has no option",
  keys: askKeys,
  instead: { choices: 'Write them as the type: { type: "dev|prod" }.', ...otherWords },
});

const clientAskOptions = recordOf<keyof AskOptions | "choices" | "onAsked" | "clock">({
  expected: 'an object such as { type: "int", timeout: "1m" }',
  lacks: "ask has no option",
  keys: {
    ...askKeys,
    choices: listOf('an array of texts such as ["yes", "no"]', "A choice", text),
    onAsked: fits("a function", (value) => typeof value === "function"),
    clock: fits("a clock", (value) => typeof value === "object" && value !== null),
  },
  instead: otherWords,
  conflict: ({ type, choices }) => {
    return type === undefined || choices === undefined
      ? undefined
      : "Give either `type` or `choices`.";
  },
});

/**
 * Checks the options of a handler's question.
 * @throws {BotDefinitionError} There is an unknown option, or one of the wrong type.
 */
export function checkAskOptions(options: unknown): void {
  checkShape(askOptions, options, "This", "ask(…)");
}

/**
 * Checks the options of a client's question.
 * @throws {BotDefinitionError} There is an unknown option, or one of the wrong type.
 */
export function checkClientAskOptions(options: unknown): void {
  checkShape(clientAskOptions, options, "This", "ask(…)");
}

/**
 * Asks the device that sent the message, and resolves to its answer: its next message that does not
 * start with the bot's prefix or name, or with `@` and the name of another connection that the bot has
 * heard of. Messages from other devices are not answers.
 *
 * The question ends with what it expects and a handle: `How many? (whole number) [k7m]`. An answer may
 * name the handle, `k7m 3`, and must while several questions are open, from whatever bots and programs:
 * whoever answers without it is told how.
 *
 * Connections without a display name cannot be told apart, so each of them may be the device that was
 * asked. From them, only messages that match the type are answers; the rest get no reply, and are
 * handled like any other message. The bot's log warns about it once: give the device a name, or use
 * the option `from`.
 *
 * While a question waits, the device's other messages are handled; the handler resumes when it is the
 * answer's turn. An answer within a second of the question is taken at the end of that second, in case
 * older questions are said again. A lost connection does not end a question: it is said again. Questions
 * are kept in memory and end with the bot; use a flow for those that must survive a restart.
 *
 * @throws {BotDefinitionError} An option is invalid.
 * @throws {NoAnswerError} The person cancelled or took too long, or the bot is stopping. If the handler
 * does not catch it, the handler ends and the person is told why.
 */
export type Ask = <const O extends AskOptions = Record<never, never>>(
  question: string,
  options?: O & KnownType<O>,
) => Promise<AnswerTo<O>>;

/** What a question with these options resolves to: a string unless they name another type. */
export type AnswerTo<O> = O extends { readonly choices: readonly (infer C extends string)[] } ? C
  : O extends { readonly type?: infer T } ? unknown extends T ? string
    : string extends T ? Value
    : T extends string ? ValueOf<T>
    : string
  : string;

/**
 * If the options name a type that does not exist, this requires a property whose name says so, because
 * that name appears in the compiler's error. (Requiring a different `type` would also fail to compile,
 * but the error would only say that the options are not `undefined`.)
 */
export type KnownType<O> = O extends { readonly type: infer T extends string }
  ? string extends T ? unknown
  : TypeName<T> extends T ? unknown
  : { readonly [P in TypeName<T>]: never }
  : unknown;

/** An `ask` whose questions also end when `signal` aborts. */
export function askWithin(signal: AbortSignal, ask: Ask): Ask {
  // The cast is safe: the signal does not affect the type of the answer.
  return (question, options) => ask<AskOptions>(question, { ...options, signal }) as never;
}

/** Why a question ended without an answer. */
export type NoAnswerReason = "cancelled" | "timeout" | "stopped";

const MESSAGES: Readonly<Record<NoAnswerReason, string>> = {
  cancelled: "Cancelled.",
  timeout: "No answer in time: cancelled.",
  stopped: "I am shutting down and cannot wait for your answer. Please try again later.",
};

/**
 * A question ended without an answer. This is not a failure: it is not passed to `catch`, and if the
 * handler does not catch it, its message is sent as the reply.
 *
 * @example Handle a missing answer
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
 *         if (error instanceof NoAnswerError && error.reason === "timeout") return "Maybe later.";
 *         throw error;
 *       }
 *     },
 *   },
 * });
 * console.log(bot.name);
 * ```
 */
export class NoAnswerError extends Error {
  /** Set explicitly so that the name survives minification. */
  override name = "NoAnswerError";
  /** Why the question ended. */
  readonly reason: NoAnswerReason;

  /** The message is worded for the person who was asked. */
  constructor(reason: NoAnswerReason) {
    super(MESSAGES[reason]);
    this.reason = reason;
  }
}

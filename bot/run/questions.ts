/**
 * The open questions of a running bot: implements `ctx.ask`.
 * @module
 */
import { MAX_TIMER_DELAY } from "../../client/base/platform.ts";
import type { Message } from "../../client/mod.ts";
import { type Ask, type AskOptions, checkAskOptions, NoAnswerError } from "../context/ask.ts";
import type { BotLogger } from "../context/bot_logger.ts";
import type { Clock } from "../context/clock.ts";
import type { RoomContext } from "../context/context.ts";
import { foldName, isSameDevice, readFrom } from "../context/device_key.ts";
import { readAnswer, typeNamed } from "../signature/answer_reader.ts";
import { readDuration } from "../signature/duration.ts";
import type { Value } from "../signature/value_types.ts";
import { fold } from "../text/fold.ts";
import type { Turn } from "./ordered_queue.ts";

const DEFAULT_TIMEOUT = "5m";

/** A question that waits for its answer. */
export interface OpenQuestion {
  /** Whether a message answers the question: its sender was asked, and may have meant it. */
  accepts(message: Message): boolean;
  /** Handles what the device said. */
  take(message: Message): void;
  /** Closes the question without an answer. */
  end(reason: unknown): void;
}

/** The open questions of all devices. */
export class Questions {
  readonly #clock: Clock;
  /** The latest last. */
  #open: readonly OpenQuestion[] = [];
  #stopped = false;
  #warnedAboutUnnamed = false;

  /** `clock` is for the timeouts. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes `ctx.ask` for the handler with this context and turn. */
  askerFor(ctx: RoomContext, turn: Turn): Ask {
    // The name of the type determines the value, in value_types.ts and in args_of.ts alike.
    return (question, options) => this.#ask(ctx, turn, question, options ?? {}) as never;
  }

  /** The latest question that a message answers; undefined if there is none. */
  find(message: Message): OpenQuestion | undefined {
    if (this.#open.length === 0) return undefined;
    return this.#open.findLast((question) => question.accepts(message));
  }

  /** Logs, once per run, that a device without a name was asked. */
  warnAboutUnnamed(log: BotLogger): void {
    if (this.#warnedAboutUnnamed) return;
    this.#warnedAboutUnnamed = true;
    log.warn(
      "asked a device without a display name: any connection without a name may answer. Give the " +
        "device a name, or say who must answer with the option `from`.",
    );
  }

  /** Closes all questions, and refuses new ones: no more messages are accepted. */
  stop(): void {
    this.#stopped = true;
    for (const question of this.#open) {
      question.end(new NoAnswerError("stopped"));
    }
  }

  async #ask(
    ctx: RoomContext,
    turn: Turn,
    question: string,
    options: AskOptions,
  ): Promise<Value> {
    checkAskOptions(options);
    const { type, timeout = DEFAULT_TIMEOUT, cancel = "cancel", retry, from, signal } = options;
    const valueType = typeNamed(type ?? "text", "ask(…).type");
    const limit = Math.min(readDuration(timeout, "ask(…).timeout"), MAX_TIMER_DELAY);
    const asked = readFrom(from, "ask(…).from");
    const isUnnamed = asked === undefined && ctx.device === null;
    const cancelWord = cancel === false ? undefined : fold(cancel);
    const ends = signal === undefined ? ctx.signal : AbortSignal.any([ctx.signal, signal]);
    ends.throwIfAborted();
    if (this.#stopped) throw new NoAnswerError("stopped");

    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    let closed = false;
    const close = (settle: () => void) => {
      if (closed) return;
      closed = true;
      this.#open = this.#open.filter((question) => question !== open);
      cancelTimer();
      ends.removeEventListener("abort", abort);
      turn.rejoin().then(settle);
    };
    const open: OpenQuestion = {
      accepts(message) {
        const { user } = message;
        if (asked !== undefined) {
          return user.display_name !== null && foldName(user.display_name) === asked;
        }
        if (!isSameDevice(user, ctx.user)) return false;
        return !isUnnamed || !("problem" in readAnswer(message, valueType, cancelWord));
      },
      take(message) {
        const reading = readAnswer(message, valueType, cancelWord);
        if ("value" in reading) return close(() => resolve(reading.value));
        if ("cancelled" in reading) return open.end(new NoAnswerError("cancelled"));
        ctx.reply(retry ?? reading.problem).catch((error: unknown) => {
          ctx.log.warn(`could not ask again after an invalid answer: ${error}`);
        });
      },
      end: (reason) => close(() => reject(reason)),
    };
    const abort = () => open.end(ends.reason);
    const cancelTimer = this.#clock.schedule(() => open.end(new NoAnswerError("timeout")), limit);
    ends.addEventListener("abort", abort);
    // Before the question is sent: the answer may arrive before the server's acknowledgement does.
    this.#open = [...this.#open, open];
    if (isUnnamed) this.warnAboutUnnamed(ctx.log);
    turn.yieldTurn();
    ctx.reply(question).catch((error: unknown) => open.end(error));
    return await promise;
  }
}

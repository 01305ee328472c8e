/**
 * The open questions of a running bot: implements `ctx.ask`.
 * @module
 */
import { MAX_TIMER_DELAY } from "../../client/base/platform.ts";
import type { Message, User } from "../../client/mod.ts";
import { type Ask, type AskOptions, NoAnswerError } from "../context/ask.ts";
import type { Clock } from "../context/clock.ts";
import type { RoomContext } from "../context/context.ts";
import { deviceKey } from "../context/device_key.ts";
import { readAnswer, typeNamed } from "../signature/answer_reader.ts";
import { readDuration } from "../signature/duration.ts";
import type { Value } from "../signature/value_types.ts";
import { fold } from "../text/fold.ts";
import type { Turn } from "./ordered_queue.ts";

const DEFAULT_TIMEOUT = "5m";

/** A question that waits for its answer. */
interface OpenQuestion {
  /** Handles what the device said. */
  take(message: Message): void;
  /** Closes the question without an answer. */
  end(reason: unknown): void;
}

/** The open questions of all devices. */
export class Questions {
  readonly #clock: Clock;
  /** By device, latest last. */
  readonly #open = new Map<string, OpenQuestion[]>();
  #stopped = false;

  /** `clock` is for the timeouts. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes `ctx.ask` for the handler with this context and turn. */
  askerFor(ctx: RoomContext, turn: Turn): Ask {
    // The name of the type determines the value, in value_types.ts and in args_of.ts alike.
    return (question, options) => this.#ask(ctx, turn, question, options ?? {}) as never;
  }

  /** Whether a device has an open question. */
  isAsked(user: User): boolean {
    return this.#open.has(deviceKey(user));
  }

  /** Handles a message as the answer to the latest question to its device. */
  take(message: Message): void {
    this.#open.get(deviceKey(message.user))?.at(-1)?.take(message);
  }

  /** Closes all questions, and refuses new ones: no more messages are accepted. */
  stop(): void {
    this.#stopped = true;
    for (const question of [...this.#open.values()].flat()) {
      question.end(new NoAnswerError("stopped"));
    }
  }

  async #ask(
    ctx: RoomContext,
    turn: Turn,
    question: string,
    { type, timeout = DEFAULT_TIMEOUT, cancel = "cancel", retry, signal }: AskOptions,
  ): Promise<Value> {
    const valueType = typeNamed(type ?? "text", "ask(…).type");
    const limit = Math.min(readDuration(timeout, "ask(…).timeout"), MAX_TIMER_DELAY);
    const cancelWord = cancel === false ? undefined : fold(cancel);
    const ends = signal === undefined ? ctx.signal : AbortSignal.any([ctx.signal, signal]);
    ends.throwIfAborted();
    if (this.#stopped) throw new NoAnswerError("stopped");

    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    let closed = false;
    const close = (settle: () => void) => {
      if (closed) return;
      closed = true;
      this.#remove(ctx.user, open);
      cancelTimer();
      ends.removeEventListener("abort", abort);
      turn.rejoin().then(settle);
    };
    const open: OpenQuestion = {
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
    this.#add(ctx.user, open);
    turn.yieldTurn();
    ctx.reply(question).catch((error: unknown) => open.end(error));
    return await promise;
  }

  #add(user: User, question: OpenQuestion): void {
    const key = deviceKey(user);
    this.#open.set(key, [...this.#open.get(key) ?? [], question]);
  }

  #remove(user: User, question: OpenQuestion): void {
    const key = deviceKey(user);
    const left = (this.#open.get(key) ?? []).filter((other) => other !== question);
    if (left.length === 0) this.#open.delete(key);
    else this.#open.set(key, left);
  }
}

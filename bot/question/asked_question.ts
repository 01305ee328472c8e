/**
 * One question from asking to its end: reads answers, asks again, and ends in time.
 * @module
 */
import { MAX_TIMER_DELAY } from "../../client/base/platform.ts";
import type { Message } from "../../client/mod.ts";
import { NoAnswerError } from "../context/ask.ts";
import type { Clock } from "../context/clock.ts";
import { type AnswerReading, readAnswer } from "../signature/answer_reader.ts";
import type { Value, ValueType } from "../signature/value_types.ts";
import type { OpenQuestion, Wanting } from "./question.ts";
import type { QuestionBoard } from "./question_board.ts";
import type { Sender } from "./senders.ts";

/** What to ask, of whom, and how. */
export interface Asking {
  /** The question, without choices and handle. */
  readonly text: string;
  readonly type: ValueType;
  /** How long to wait, milliseconds. */
  readonly timeout: number;
  /** The cancel word, folded; undefined for none. */
  readonly cancel: string | undefined;
  /** What to say to an invalid answer; undefined for what is wrong with it. */
  readonly retry: string | undefined;
  readonly clock: Clock;
  /** Ends the question without an answer. */
  readonly signal: AbortSignal | undefined;
  /** Whether the question waits for a connection if there is none. */
  readonly isPatient: boolean;
  /** Whether a question that ends without an answer is withdrawn in the room only if others wait. */
  readonly quiet: boolean;
  /** Whether the sender of a message may answer. */
  accepts(message: Message): boolean;
  /** Whether a message without a handle can be the answer; `fits` says whether it has the type. */
  wants(message: Message, sender: Sender, fits: boolean): Wanting;
  /** Sends a text in the room. */
  say(text: string): Promise<unknown>;
  /** The question was acknowledged, under this handle; again if the handle changes. */
  asked?(handle: string): void;
  /** A message is taken as an answer, valid or not. */
  taken?(message: Message): void;
  /** What is said to an invalid answer could not be sent. */
  retryFailed?(error: unknown): void;
  /** Called when the question closes; it settles after this. `said` is the notice in the room. */
  closing?(said: Promise<void>): Promise<void>;
}

/** An answer, and what is known about it. */
export interface AnswerFacts {
  readonly value: Value;
  /** The answer as typed, without the handle. */
  readonly text: string;
  /** The message that was the answer. */
  readonly message: Message;
  readonly handle: string;
  /** The milliseconds from the call to the answer. */
  readonly waited: number;
  readonly perhapsMissed: boolean;
}

/** A question that was asked. */
export interface AskedQuestion {
  /**
   * Rejects with a `NoAnswerError`, with the reason of the signal, or with the failure to ask.
   */
  readonly answer: Promise<AnswerFacts>;
  /** Ends it without an answer. */
  end(reason: unknown): void;
}

/** Asks a question on a board. */
export function askOn(board: QuestionBoard, asking: Asking): AskedQuestion {
  const { type, cancel, clock, signal, quiet } = asking;
  const { promise, resolve, reject } = Promise.withResolvers<AnswerFacts>();
  const start = clock.monotonic();
  let closed = false;
  let cancelTimer = () => {};
  const close = (say: (open: OpenQuestion) => Promise<void>, settle: () => void) => {
    if (closed) return;
    closed = true;
    cancelTimer();
    signal?.removeEventListener("abort", abort);
    const said = say(open);
    const closing = asking.closing?.(said) ?? Promise.resolve();
    closing.then(settle);
  };
  const end = (reason: unknown) => close((open) => open.withdraw({ quiet }), () => reject(reason));
  const abort = () => end(signal?.reason);
  const read = (message: Message, content: string): AnswerReading => {
    return readAnswer({ ...message, content }, type, cancel);
  };
  const open = board.open({
    text: asking.text,
    type,
    isPatient: asking.isPatient,
    accepts: (message) => asking.accepts(message),
    wants: (message, sender) => {
      return asking.wants(message, sender, !("problem" in read(message, message.content)));
    },
    say: (text) => asking.say(text),
    asked: (handle) => asking.asked?.(handle),
    failed: (error) => close(() => Promise.resolve(), () => reject(error)),
    take(message, text) {
      asking.taken?.(message);
      const reading = read(message, text);
      if ("cancelled" in reading) return end(new NoAnswerError("cancelled"));
      if ("value" in reading) {
        const { handle, perhapsMissed } = open;
        const waited = clock.monotonic() - start;
        const facts = { value: reading.value, text, message, handle, waited, perhapsMissed };
        return close((open) => open.answered(text), () => resolve(facts));
      }
      const about = open.isOneOfSeveral ? `[${open.handle}] ` : "";
      asking.say(`${about}${asking.retry ?? reading.problem}`).catch((error: unknown) => {
        asking.retryFailed?.(error);
      });
    },
  });
  const wait = () => {
    const left = start + asking.timeout - clock.monotonic();
    if (left <= 0) return end(new NoAnswerError("timeout"));
    cancelTimer = clock.schedule(wait, Math.min(left, MAX_TIMER_DELAY));
  };
  wait();
  signal?.addEventListener("abort", abort);
  return { answer: promise, end };
}

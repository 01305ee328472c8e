/**
 * The open questions of a running bot: implements `ctx.ask`.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import { type AskOptions, checkAskOptions, NoAnswerError } from "../context/ask.ts";
import type { BotClient } from "../context/bot_client.ts";
import type { BotLogger } from "../context/bot_logger.ts";
import type { RoomContext } from "../context/context.ts";
import { isNamed, isSameDevice, readFrom } from "../context/device_key.ts";
import { askOn } from "../question/asked_question.ts";
import { type Hearing, QuestionBoard } from "../question/question_board.ts";
import { typeNamed } from "../signature/answer_reader.ts";
import { readDuration } from "../signature/duration.ts";
import type { Value } from "../signature/value_types.ts";
import { fold } from "../text/fold.ts";
import type { Turn } from "./ordered_queue.ts";
import type { Platform } from "./platform.ts";

const DEFAULT_TIMEOUT = "5m";

/** The open questions of all devices. */
export class Questions {
  readonly #platform: Platform;
  readonly #client: BotClient;
  /** Made for the first question: many bots never ask any. */
  #board: QuestionBoard | undefined;
  /** Ends each of the open questions of handlers. */
  #ends: Set<(reason: unknown) => void> | undefined;
  /** A handler's question takes a message as its answer. */
  onTaken: (message: Message) => void = () => {};
  #stopped = false;
  #warnedAboutUnnamed = false;

  /** The questions that are asked through `client`. */
  constructor(platform: Platform, client: BotClient) {
    this.#platform = platform;
    this.#client = client;
  }

  /** Which message answers which question. */
  get board(): QuestionBoard {
    return this.#board ??= new QuestionBoard({
      clock: this.#platform,
      random: () => this.#platform.random(),
      hold: () => this.#platform.answerHold,
      name: () => this.#client.displayName,
      connected: () => this.#client.connected,
    });
  }

  /** Whether no question is open. */
  get isEmpty(): boolean {
    return this.#board?.isEmpty ?? true;
  }

  /** Asks for the handler with this context and turn: see `Ask`. */
  ask(ctx: RoomContext, turn: Turn, question: string, options: AskOptions = {}): Promise<never> {
    // The name of the type determines the value, in value_types.ts and in args_of.ts alike.
    return this.#ask(ctx, turn, question, options) as Promise<never>;
  }

  /** What a message means for the open questions: see {@linkcode QuestionBoard.hear}. */
  hear(message: Message): Hearing {
    return this.#board?.hear(message) ?? "other";
  }

  /** A connection left the room. */
  left(user: User): void {
    this.#board?.left(user);
  }

  /** The connection was lost. */
  lost(): void {
    this.#board?.lost();
  }

  /** The connection is back: the open questions are said again. */
  restored(): void {
    this.#board?.restored();
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
    for (const end of [...this.#ends ?? []]) end(new NoAnswerError("stopped"));
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
    const limit = readDuration(timeout, "ask(…).timeout");
    const asked = readFrom(from, "ask(…).from");
    const isUnnamed = asked === undefined && ctx.device === null;
    const ends = signal === undefined ? ctx.signal : AbortSignal.any([ctx.signal, signal]);
    ends.throwIfAborted();
    if (this.#stopped) throw new NoAnswerError("stopped");
    if (isUnnamed) this.warnAboutUnnamed(ctx.log);
    turn.yieldTurn();
    const { answer, end } = askOn(this.board, {
      text: question,
      type: valueType,
      timeout: limit,
      cancel: cancel === false ? undefined : fold(cancel),
      retry,
      clock: ctx.clock,
      signal: ends,
      isPatient: false,
      quiet: true,
      accepts: ({ user }) => {
        return asked === undefined ? isSameDevice(user, ctx.user) : isNamed(user, asked);
      },
      wants: (_message, _sender, fits) => !isUnnamed || fits ? "yes" : "no",
      say: (text) => ctx.reply(text),
      taken: (message) => this.onTaken(message),
      retryFailed: (error) => ctx.log.warn(`could not ask again after an invalid answer: ${error}`),
      // The handler goes on when it is the answer's turn.
      closing: () => {
        this.#ends?.delete(end);
        return turn.rejoin();
      },
    });
    (this.#ends ??= new Set()).add(end);
    return (await answer).value;
  }
}

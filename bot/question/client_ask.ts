/**
 * `ask()`: a question in the room from any program with a client, without a bot.
 * @module
 */
import { CONTROL_CHARACTERS } from "../../client/base/control_characters.ts";
import { systemPlatform } from "../../client/base/platform.ts";
import {
  type AsyncClient,
  ClientError,
  ConnectionError,
  ConnectionState,
  type Message,
  type SendOk,
} from "../../client/mod.ts";
import {
  type AnswerTo,
  type AskOptions,
  checkClientAskOptions,
  type KnownType,
} from "../context/ask.ts";
import { atMost, type Clock } from "../context/clock.ts";
import { isNamed, readFrom } from "../context/device_key.ts";
import { choicesNamed, typeNamed } from "../signature/answer_reader.ts";
import { readDuration } from "../signature/duration.ts";
import type { Value, ValueType } from "../signature/value_types.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { fold } from "../text/fold.ts";
import { askOn } from "./asked_question.ts";
import { fitsOneMessage, questionEnd } from "./notices.ts";
import { HOLD, QuestionBoard } from "./question_board.ts";
import { isCall } from "./senders.ts";

const DEFAULT_TIMEOUT = "10m";
/** How long the end of a question waits for the room to be told, milliseconds. */
const MAX_CLOSING = 2_000;

/** Options of {@linkcode ask}. */
export interface ClientAskOptions extends Omit<AskOptions, "from" | "timeout" | "signal"> {
  /** What to choose from; instead of `type`. A choice may contain spaces. */
  readonly choices?: readonly string[];
  /** How long to wait for the answer, lost connections and retries included. Default: 10 minutes. */
  readonly timeout?: AskOptions["timeout"];
  /**
   * The display name of the connection that must answer, ignoring case. Default: any other connection.
   * This is a filter, not security: every connection chooses its own display name.
   */
  readonly from?: string;
  /** Withdraws the question when it aborts; `ask` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Called when the server has acknowledged the question, with its handle and the acknowledgement; again
   * if the question is said again: with another handle, because an older question had the same, or
   * after a lost connection.
   */
  readonly onAsked?: (handle: string, sent: SendOk) => void;
  /** The clock. Default: the system's. */
  readonly clock?: Clock;
}

/** An answer to {@linkcode ask}. */
export interface Answer<T> {
  /** The answer, as the type that was asked for. */
  readonly value: T;
  /** The answer as typed, without the handle. */
  readonly text: string;
  /** The question's handle, such as `k7m`. */
  readonly handle: string;
  /** The display name of the connection that answered; null if it has none. */
  readonly device: string | null;
  /** The server's id of the answer. */
  readonly messageId: string;
  /** The message that was the answer, as received. */
  readonly message: Message;
  /** The milliseconds from the call to the answer. */
  readonly waited: number;
  /**
   * Whether an earlier answer may have been missed: the connection was lost meanwhile, so the question
   * was asked again.
   */
  readonly perhapsMissed: boolean;
}

/**
 * Asks a question in the room, and waits for its answer. No bot is needed.
 *
 * The question ends with what it expects and with a handle: `Deploy? (yes|no) [k7m]`. While no other
 * question is open, a message that fits answers it: `yes`. An answer that names the handle always does:
 * `k7m yes`, `[k7m] yes`, `yes #k7m`. While several questions are open, from whatever programs, only
 * answers with a handle count; a person who gives another one is told how.
 *
 * A message that starts with `!` or `@` and a letter is for a bot, and no answer without the handle. For
 * the type `text`, neither is a message of a connection that was heard to ask, or to reply to a command.
 * An answer is held back until a second after the question, in case older questions are said again.
 *
 * Whoever joins later has not seen the question, because there is no history: it is said again for them,
 * at most every 30 seconds.
 *
 * A lost connection does not end the question: it is said again after the client has reconnected, and
 * `perhapsMissed` is set. Several questions may be open at a time, also of one client.
 *
 * @throws {NoAnswerError} Nobody answered in time, or the person cancelled.
 * @throws {ConnectionError} The client is not connected, or gave up reconnecting.
 * @throws {ClientError} The server did not accept the question.
 * @throws {BotDefinitionError} The question or an option is invalid: the question is empty, contains
 * control characters or does not fit one message with its choices; choices look alike.
 *
 * @example Ask before a deployment
 * ```ts no-assert
 * import { ask, NoAnswerError } from "@roomz/roomz/bot";
 * import type { AsyncClient } from "@roomz/roomz/client";
 *
 * async function mayDeploy(client: AsyncClient): Promise<boolean> {
 *   try {
 *     const answer = await ask(client, "Deploy 1.4 to production?", { type: "bool", timeout: "10m" });
 *     return answer.value;
 *   } catch (error) {
 *     if (error instanceof NoAnswerError) return false;
 *     throw error;
 *   }
 * }
 * ```
 */
export async function ask<const O extends ClientAskOptions = Record<never, never>>(
  client: AsyncClient,
  question: string,
  options?: ClientAskOptions & O & KnownType<O>,
): Promise<Answer<AnswerTo<O>>> {
  const facts = await askOnClient(client, question, options ?? {});
  // The name of the type determines the value, in value_types.ts and in args_of.ts alike.
  return facts as Answer<never>;
}

async function askOnClient(
  client: AsyncClient,
  question: string,
  options: ClientAskOptions,
): Promise<Answer<Value>> {
  checkClientAskOptions(options);
  const { retry, signal, clock = systemPlatform, onAsked } = options;
  const type = typeOf(options);
  const timeout = readDuration(options.timeout ?? DEFAULT_TIMEOUT, "ask(…).timeout");
  const from = readFrom(options.from, "ask(…).from");
  const text = checkedQuestion(question, type);
  signal?.throwIfAborted();
  if (client.connectionState === ConnectionState.DISCONNECTED) {
    throw new ConnectionError("Not connected.", { advice: "Call connect() first." });
  }
  const room = ClientRoom.of(client, clock);
  let sent: SendOk | undefined;
  const asked = askOn(room.board, {
    text,
    type,
    timeout,
    cancel: cancelWord(options, type),
    retry,
    clock,
    signal,
    isPatient: true,
    quiet: false,
    accepts: ({ user }) => from === undefined || isNamed(user, from),
    wants: (message, { isAsker, isBot }, fits) => {
      if (isCall(message.content)) return "no";
      if (from !== undefined) return "yes";
      if (!fits || (type.name === "text" && isBot)) return "no";
      return type.name === "text" && isAsker ? "with handle" : "yes";
    },
    say: async (text) => {
      sent = await send(client, text);
    },
    asked(handle) {
      if (sent !== undefined) onAsked?.(handle, sent);
    },
    closing: (said) => atMost(MAX_CLOSING, said, clock),
  });
  room.add(asked.end);
  try {
    const { value, text, message, handle, waited, perhapsMissed } = await asked.answer;
    const { id: messageId, user: { display_name: device } } = message;
    const answer = text.trim();
    return { value, text: answer, handle, device, messageId, message, waited, perhapsMissed };
  } finally {
    room.delete(asked.end);
  }
}

/** The questions of one client: they share a board, and listen while one of them is open. */
class ClientRoom {
  static readonly #rooms = new WeakMap<AsyncClient, ClientRoom>();
  readonly board: QuestionBoard;
  readonly #client: AsyncClient;
  /** Ends each of the open questions. */
  readonly #ends = new Set<(reason: unknown) => void>();
  #failure: ClientError | undefined;

  private constructor(client: AsyncClient, clock: Clock) {
    this.#client = client;
    this.board = new QuestionBoard({
      clock,
      random: () => Math.random(),
      hold: () => HOLD,
      name: () => client.displayName,
      connected: () => client.connected,
    });
    client.on("message", this.#onMessage);
    client.on("user_joined", this.#onJoined);
    client.on("user_left", this.#onLeft);
    client.on("connection_state_changed", this.#onState);
    client.on("error", this.#onError);
  }

  static of(client: AsyncClient, clock: Clock): ClientRoom {
    let room = this.#rooms.get(client);
    if (room === undefined) {
      room = new ClientRoom(client, clock);
      this.#rooms.set(client, room);
    }
    return room;
  }

  add(end: (reason: unknown) => void): void {
    this.#ends.add(end);
  }

  delete(end: (reason: unknown) => void): void {
    this.#ends.delete(end);
    this.#leave();
  }

  /** Stops listening, once there is nothing to hear or to say. */
  #leave(): void {
    if (this.#ends.size > 0 || this.board.isSilenced) return;
    const client = this.#client;
    client.off("message", this.#onMessage);
    client.off("user_joined", this.#onJoined);
    client.off("user_left", this.#onLeft);
    client.off("connection_state_changed", this.#onState);
    client.off("error", this.#onError);
    ClientRoom.#rooms.delete(client);
  }

  readonly #onMessage = (message: Message) => {
    const hearing = this.board.hear(message);
    // A message that may be the client's own is no answer.
    if (typeof hearing === "object" && message.own === false) hearing.take();
  };

  readonly #onJoined = () => this.board.joined();

  readonly #onLeft = ({ user }: { readonly user: Message["user"] }) => this.board.left(user);

  readonly #onState = ({ state, reason }: { state: ConnectionState; reason?: string }) => {
    if (state === ConnectionState.CONNECTED) {
      this.board.restored();
      return this.#leave();
    }
    this.board.lost();
    if (state !== ConnectionState.DISCONNECTED) return;
    // If there is an error event with more detail, it comes right after this one.
    queueMicrotask(() => {
      const why = reason ?? "Disconnected.";
      const error = this.#failure ?? new ConnectionError(`No answer: ${why}`);
      for (const end of [...this.#ends]) end(error);
      this.board.silence();
      this.#leave();
    });
  };

  readonly #onError = ({ error, cause }: { error: string; cause?: unknown }) => {
    if (this.#client.connectionState !== ConnectionState.DISCONNECTED) return;
    this.#failure = cause instanceof ClientError ? cause : new ConnectionError(error, { cause });
  };
}

function typeOf({ type, choices }: ClientAskOptions): ValueType {
  return choices === undefined
    ? typeNamed(type ?? "text", "ask(…).type")
    : choicesNamed(choices, "ask(…).choices");
}

/** A choice counts, also if it is the default word that cancels. */
function cancelWord({ cancel }: ClientAskOptions, { choices }: ValueType): string | undefined {
  if (cancel === false) return undefined;
  const word = fold(cancel ?? "cancel");
  const isChoice = cancel === undefined && choices?.some((choice) => fold(choice) === word);
  return isChoice ? undefined : word;
}

/**
 * The question as it is said.
 * @throws {BotDefinitionError} It is empty, contains control characters or is too long.
 */
export function checkedQuestion(question: string, type: ValueType): string {
  const path = "ask(…)";
  const fail = (problem: string) => new BotDefinitionError({ problem, path });
  if (typeof question !== "string") throw fail("The question must be a string.");
  const text = question.trim();
  if (text === "") throw fail("The question is empty.");
  const [control] = text.replace(/[\t\n\r]/g, " ").match(CONTROL_CHARACTERS) ?? [];
  if (control !== undefined) {
    const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    throw fail(`The question contains the control character U+${code}. Remove it.`);
  }
  if (fitsOneMessage(text, "k7m", type)) return text;
  const end = [...questionEnd("k7m", type)].length + 1;
  throw fail(
    `The question is too long: a message has at most 1,000 characters, and the choices and the handle ` +
      `take ${end} of them. (", ', &, < and > count 4 to 6 times.) Shorten it.`,
  );
}

async function send(client: AsyncClient, text: string): Promise<SendOk> {
  const result = await client.send(text);
  if (result.status === "ok") return result;
  const problem = `The question was not acknowledged (${result.code}): ${result.error}`;
  throw result.code === 408 || result.code === 503
    ? new ConnectionError(problem)
    : new ClientError(problem);
}

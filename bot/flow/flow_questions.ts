/**
 * The open questions of flows in one run of a bot, on the board that tells questions apart. The storage
 * decides what an answer does; the board decides which message is one.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import { deviceKey } from "../context/device_key.ts";
import { questionTexts } from "../question/notices.ts";
import type { OpenQuestion, Question } from "../question/question.ts";
import type { QuestionBoard } from "../question/question_board.ts";
import type { Records } from "../storage/records.ts";

/** What flows use of a run of the bot. */
export interface FlowRun {
  readonly records: Records;
  readonly flowQuestions: FlowQuestions;
}

/** A question of a flow. */
export interface FlowQuestion extends Pick<Question, "text" | "type" | "accepts"> {
  /** Whether a message without the handle, from a device that may answer, can be the answer. */
  fits(message: Message): boolean;
}

/** The open questions by device. */
export class FlowQuestions {
  readonly #board: () => QuestionBoard;
  readonly #say: (text: string) => Promise<unknown>;
  /** These are made for the first question. */
  #open: Map<string, OpenQuestion> | undefined;
  #questions: WeakSet<Question> | undefined;
  /** Receives an answer, without the handle. */
  onAnswer: (message: Message) => void = () => {};

  /** `board` makes the board if there is none; `say` sends a text in the room. */
  constructor(board: () => QuestionBoard, say: (text: string) => Promise<unknown>) {
    this.#board = board;
    this.#say = say;
  }

  /** Whether a question on the board is one of these. */
  has(question: Question): boolean {
    return this.#questions?.has(question) === true;
  }

  /** Whether a device's question is known to be open. */
  isOpen(user: User): boolean {
    return this.#open?.has(deviceKey(user)) === true;
  }

  /**
   * Opens the question of a device's flow; `handle` is that of the flow's run, if it has one. Returns the
   * handle, and the question as it is to be said.
   */
  open(
    user: User,
    question: FlowQuestion,
    handle: string | null | undefined,
  ): { readonly handle: string; readonly texts: readonly string[] } {
    this.ended(user);
    const open = this.#board().announce(this.#questionOf(question), handle ?? undefined);
    this.#opened(user, open);
    return { handle: open.handle, texts: questionTexts(question.text, open.handle, question.type) };
  }

  /** Opens a question that was said before the bot was restarted. */
  reopen(user: User, question: FlowQuestion, handle: string): void {
    this.#opened(user, this.#board().reopen(this.#questionOf(question), handle));
  }

  /** A device's question got its answer. */
  answered(user: User, answer: string): void {
    void this.#take(user)?.answered(answer);
  }

  /** A device's question needs no answer any more. */
  ended(user: User): void {
    void this.#take(user)?.withdraw({ quiet: true });
  }

  /** A device has no question any more: another process of the bot had its answer. */
  forget(user: User): void {
    this.#take(user)?.forget();
  }

  #opened(user: User, open: OpenQuestion): void {
    (this.#open ??= new Map()).set(deviceKey(user), open);
  }

  #take(user: User): OpenQuestion | undefined {
    const key = deviceKey(user);
    const open = this.#open?.get(key);
    this.#open?.delete(key);
    return open;
  }

  #questionOf({ text, type, accepts, fits }: FlowQuestion): Question {
    const question: Question = {
      text,
      type,
      isShared: true,
      isPatient: true,
      accepts,
      wants: (message) => fits(message) ? "yes" : "no",
      take: (message, content) => this.onAnswer({ ...message, content }),
      say: (text) => this.#say(text),
      failed: () => {},
    };
    (this.#questions ??= new WeakSet()).add(question);
    return question;
  }
}

/**
 * A question on a board: what its asker gives, and what it gets.
 * @module
 */
import type { Message } from "../../client/mod.ts";
import type { ValueType } from "../signature/value_types.ts";
import type { Sender } from "./senders.ts";

/** Whether a message can be an answer: yes, no, or only with the question's handle. */
export type Wanting = "yes" | "no" | "with handle";

/** A question, as its asker sees it. */
export interface Question {
  /** What is asked, without choices and handle. */
  readonly text: string;
  readonly type: ValueType;
  /**
   * Whether other processes of the same name, which have the same storage, may have the same question
   * under the same handle.
   */
  readonly isShared?: boolean;
  /** Whether it waits for a connection if there is none when it is first said. */
  readonly isPatient: boolean;
  /** Whether the sender of a message may answer it. */
  accepts(message: Message): boolean;
  /** Whether a message without a handle, from a sender who may answer, can be its answer. */
  wants(message: Message, sender: Sender): Wanting;
  /** Takes a message as the answer; `answer` is its text without the handle. */
  take(message: Message, answer: string): void;
  /** Sends a text that belongs to the question. Rejects if it was not acknowledged. */
  say(text: string): Promise<unknown>;
  /** The question was acknowledged, under this handle. It may get another one later. */
  asked?(handle: string): void;
  /** The question could not be said. */
  failed(error: unknown): void;
}

/** An own question that is open. */
export interface OpenQuestion {
  /** Its handle now. */
  readonly handle: string;
  /** Whether an answer may have been missed while the connection was lost. */
  readonly perhapsMissed: boolean;
  /** Whether other questions are known to be open. */
  readonly isOneOfSeveral: boolean;
  /** Closes it with an answer; says so if others wait. Resolves when that is said, or cannot be. */
  answered(answer: string): Promise<void>;
  /** Closes it without an answer; says so, unless `quiet` and nobody else waits. */
  withdraw(options?: { readonly quiet?: boolean }): Promise<void>;
  /** Closes it and says nothing. */
  forget(): void;
}

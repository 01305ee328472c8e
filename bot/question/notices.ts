/**
 * What is said in the room about questions: the one place that words it, and that recognises it.
 *
 * There is no history, so these messages are all that several askers know of each other. They are
 * recognised strictly, because people write brackets too.
 * @module
 */
import { CONTROL_CHARACTERS } from "../../client/base/control_characters.ts";
import { fitsServer } from "../../client/protocol/server_text.ts";
import type { ValueType } from "../signature/value_types.ts";
import { HANDLE } from "./handle.ts";

/** An open question, in a list. */
export interface ListedQuestion {
  readonly handle: string;
  /** The question as it was asked, or the start of it. */
  readonly text: string;
}

/** What a message says about questions. */
export type Notice =
  /** Someone asks, for the first time or again. */
  | { readonly kind: "question"; readonly handle: string; readonly text: string }
  /** Someone says which of their questions are still open. */
  | { readonly kind: "open"; readonly questions: readonly ListedQuestion[] }
  /** A question was answered or withdrawn. */
  | { readonly kind: "closed"; readonly handle: string }
  /** Someone has said how to answer one of several questions. */
  | { readonly kind: "how" };

const EXPECTED: Readonly<Record<string, string>> = {
  bool: "yes|no",
  int: "whole number",
  duration: "such as 1h30m",
  email: "email address",
  url: "web address",
  date: "such as 2026-11-22",
};

/** What ends every question: what kind of answer it expects, and its handle. */
export function questionEnd(handle: string, type: ValueType): string {
  const expected = type.choices?.join("|") ?? EXPECTED[type.name] ?? type.name;
  return `(${expected}) [${handle}]`;
}

/** A question as it is said, in one message or, where it is too long for one, in two or more. */
export function questionTexts(text: string, handle: string, type: ValueType): readonly string[] {
  const end = questionEnd(handle, type);
  const whole = `${text} ${end}`;
  return fitsServer(whole) ? [whole] : [text, end];
}

/** Whether a question fits one message with its end. */
export function fitsOneMessage(text: string, handle: string, type: ValueType): boolean {
  return questionTexts(text, handle, type).length === 1;
}

/** A question that is said again, after the connection was lost. */
export function questionAgain(text: string, handle: string, type: ValueType): readonly string[] {
  const lost =
    "The connection was lost for a while: an answer given meanwhile may have been missed.";
  const [first = "", ...rest] = questionTexts(text, handle, type);
  const whole = `${lost}\n${first}`;
  return rest.length === 0 && fitsServer(whole) ? [whole] : [lost, first, ...rest];
}

const STILL_OPEN = "Still open:";
const MAX_LISTED = 15;

/** Says which questions are still open, in as few messages as possible. */
export function stillOpen(questions: readonly ListedQuestion[]): readonly string[] {
  const messages: string[] = [];
  for (let at = 0; at < questions.length; at += MAX_LISTED) {
    const lines = questions.slice(at, at + MAX_LISTED).map(listed);
    messages.push(`${STILL_OPEN}${lines.length === 1 ? " " : "\n"}${lines.join("\n")}`);
  }
  return messages;
}

/** Says that a question needs no answer any more. */
export function withdrawn(handle: string): string {
  return `Withdrawn: [${handle}]`;
}

/** Says that a question got its answer. */
export function answered(handle: string, answer: string): string {
  return `[${handle}] ${shortened(answer)} ✓`;
}

const SEVERAL = "Several questions are open.";
const ONE = "One question is open.";
const MAX_SHOWN = 8;

/** Says how to answer one of the open questions; `example` is an answer to the first. */
export function howToAnswer(questions: readonly ListedQuestion[], example: string): string {
  const [{ handle } = { handle: "" }] = questions;
  const lines = questions.slice(0, MAX_SHOWN).map(listed);
  const left = questions.length - lines.length;
  if (left > 0) lines.push(`… and ${left} more`);
  const opening = questions.length === 1 ? ONE : SEVERAL;
  return [`${opening} Start your answer with its handle, as in: ${handle} ${example}`, ...lines]
    .join("\n");
}

const QUESTION_END = new RegExp(`\\S\\) \\[(${HANDLE})\\]$`);
const LISTED = new RegExp(`^\\[(${HANDLE})\\](?: (.*))?$`);
const WITHDRAWN = new RegExp(`^Withdrawn: \\[(${HANDLE})\\]$`);
const ANSWERED = new RegExp(`^\\[(${HANDLE})\\] [^\\n]* ✓$`);

/** What a message says about questions; undefined if it is any other message. */
export function readNotice(content: string): Notice | undefined {
  // Cheap: nearly all messages end here.
  const end = content.at(-1);
  if (end === "]") {
    const [, closed] = WITHDRAWN.exec(content) ?? [];
    if (closed !== undefined) return { kind: "closed", handle: closed };
    const question = QUESTION_END.exec(content);
    const start = question === null ? -1 : content.lastIndexOf("(", question.index);
    const [, handle] = question ?? [];
    if (handle !== undefined && start >= 0) {
      return { kind: "question", handle, text: content.slice(0, start).trimEnd() };
    }
  }
  if (end === "✓") {
    const [, closed] = ANSWERED.exec(content) ?? [];
    if (closed !== undefined) return { kind: "closed", handle: closed };
  }
  if (content.startsWith(STILL_OPEN)) {
    const lines = content.slice(STILL_OPEN.length).split("\n").map((line) => line.trim());
    const questions = lines.flatMap((line) => {
      const [, handle, text = ""] = LISTED.exec(line) ?? [];
      return handle === undefined ? [] : [{ handle, text }];
    });
    if (questions.length > 0) return { kind: "open", questions };
  }
  const isHow = content.startsWith(SEVERAL) || content.startsWith(ONE);
  return isHow ? { kind: "how" } : undefined;
}

function listed({ handle, text }: ListedQuestion): string {
  return `[${handle}] ${shortened(text)}`;
}

const MAX_LENGTH = 40;

/** One line of text that was written by others or is long. It cannot look like a handle. */
function shortened(text: string): string {
  // Cut first, so that a very long text costs no more than a short one.
  const line = text.slice(0, 4 * MAX_LENGTH).toWellFormed().replace(/\s+/g, " ").trim()
    .replaceAll("[", "(").replaceAll("]", ")").replace(CONTROL_CHARACTERS, "\ufffd");
  const characters = [...line];
  const head = characters.slice(0, MAX_LENGTH).join("");
  return characters.length > MAX_LENGTH || text.length > 4 * MAX_LENGTH ? `${head}…` : head;
}

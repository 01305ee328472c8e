/**
 * The reply that `roomz send --wait-reply` waits for.
 *
 * A call of a bot is sent as it is, because anything after it would be an argument: its reply is the next
 * message of another connection. Every other text is a question with a handle, so that the reply is not
 * taken from someone who talks about something else.
 * @module
 */
import { NoAnswerError } from "../../bot/context/ask.ts";
import { ask, checkedQuestion } from "../../bot/question/client_ask.ts";
import { readHandle } from "../../bot/question/handle.ts";
import { readNotice } from "../../bot/question/notices.ts";
import { valueTypes } from "../../bot/signature/value_types.ts";
import { BotDefinitionError } from "../../bot/text/definition_error.ts";
import type { AsyncClient, Message, SendOk } from "../../client/mod.ts";
import { CommandError } from "../command_line/exit_code.ts";

/** What to ask for a reply to a text. */
export interface ReplyQuestion {
  readonly question: string;
  /** Whether it is the text itself, or follows it in a message of its own. */
  readonly isText: boolean;
}

/** The prefixes that bots have, before the first letter of a command; `@` is before a bot's name. */
const CALL = /^[!@/.?$%&*~;>]\p{L}/u;

/** What to ask for a reply to `text`; undefined if it calls a bot. */
export function questionFor(text: string): ReplyQuestion | undefined {
  if (CALL.test(text.trimStart())) return undefined;
  try {
    return { question: checkedQuestion(text, valueTypes.text), isText: true };
  } catch (error) {
    if (!(error instanceof BotDefinitionError)) throw error;
    // It is too long to carry a handle, or contains control characters.
    return { question: "Your reply:", isText: false };
  }
}

/**
 * Asks the question and resolves to the answer.
 * @throws {CommandError} There is none within `seconds`.
 */
export async function answerTo(
  { question }: ReplyQuestion,
  client: AsyncClient,
  seconds: number,
  signal: AbortSignal,
  onSent: (sent: SendOk) => void,
): Promise<Message> {
  try {
    const { message, text } = await ask(client, question, {
      timeout: seconds * 1_000,
      cancel: false,
      signal,
      onAsked: (_, sent) => onSent(sent),
    });
    return { ...message, content: text };
  } catch (error) {
    throw error instanceof NoAnswerError ? noReply(seconds) : error;
  }
}

/**
 * The first message of another connection after the one with `id` that is not about a question.
 * @throws {CommandError} There is none within `seconds`.
 */
export async function replyToCall(
  id: string,
  messages: AsyncIterableIterator<Message>,
  seconds: number,
): Promise<Message> {
  let sent = false;
  const timer = setTimeout(() => void messages.return?.(), seconds * 1_000);
  try {
    for await (const message of messages) {
      if (sent && message.own === false && !isAboutQuestion(message)) return message;
      sent ||= message.id === id;
    }
  } finally {
    clearTimeout(timer);
  }
  throw noReply(seconds);
}

/** What other askers say of their questions, or a person answers to them. A bot may well ask back. */
function isAboutQuestion({ content }: Message): boolean {
  const notice = readNotice(content);
  if (notice !== undefined) return notice.kind !== "question";
  return readHandle(content)?.isCertain === true;
}

function noReply(seconds: number): CommandError {
  return new CommandError(
    `The message was sent, but no reply came within ${seconds} s. Use --timeout to wait longer.`,
  );
}

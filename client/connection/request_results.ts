/**
 * How the ends of a request read to the user.
 * @module
 */
import type { DisplayNameResult, SendFailed, SendResult } from "../base/results.ts";
import { parseDisplayNameAck, parseSendAck } from "../protocol/payloads.ts";
import { MAX_CONTENT_LENGTH } from "../protocol/server_text.ts";
import type { Acknowledgement } from "./acknowledgements.ts";

/** The caller's signal was aborted already. */
export const CANCELLED_BEFORE_SENDING: SendFailed = {
  error: "Cancelled before it was sent.",
  code: 499,
  delivery: "not_sent",
};

/** The caller's signal was aborted while the acknowledgement was awaited. */
export const CANCELLED_AFTER_SENDING: SendFailed = {
  error: "Cancelled before the server acknowledged it: the message may have arrived.",
  code: 499,
  delivery: "unknown",
};

/** The server would cut the message silently. */
export const TOO_LONG: SendFailed = {
  error:
    `Too long: the server keeps ${MAX_CONTENT_LENGTH} characters of a message, HTML-escaped. ` +
    "splitContent() cuts a text into parts that fit.",
  code: 413,
  delivery: "not_sent",
};

/** The result of a `send`. */
export function sendResult(outcome: Acknowledgement): SendResult {
  const answer = outcome.kind === "answer" ? parseSendAck(outcome.args) : undefined;
  if (answer !== undefined) return answer;
  const { error, code } = failure(outcome);
  return { error: `${error}: the message may have arrived.`, code, delivery: "unknown" };
}

/** The result of a `setDisplayName`. */
export function displayNameResult(outcome: Acknowledgement): DisplayNameResult {
  const answer = outcome.kind === "answer" ? parseDisplayNameAck(outcome.args) : undefined;
  if (answer !== undefined) return answer;
  const { error, code } = failure(outcome);
  return { error: `${error}.`, code };
}

function failure(outcome: Acknowledgement): { error: string; code: number } {
  switch (outcome.kind) {
    case "lost":
      return { error: "The connection was lost before the server answered", code: 503 };
    case "timeout":
      return { error: "The server did not answer in time", code: 408 };
    case "answer":
      return { error: "The server gave an answer that this version does not know", code: 502 };
  }
}

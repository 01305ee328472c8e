/**
 * The results of `send` and `setDisplayName`, made from how the request ended.
 * @module
 */
import type { DisplayNameResult, SendFailed, SendResult } from "../base/results.ts";
import { parseDisplayNameAck, parseSendAck } from "../protocol/payloads.ts";
import { MAX_CONTENT_LENGTH } from "../protocol/server_text.ts";
import type { RequestEnd } from "./acknowledgements.ts";

/** The caller's signal was already aborted. */
export const CANCELLED_BEFORE_SENDING: SendFailed = {
  error: "Cancelled before it was sent.",
  code: 499,
  delivery: "not_sent",
};

/** The caller's signal aborted while the request was pending. */
export const CANCELLED_AFTER_SENDING: SendFailed = {
  error: "Cancelled before the server acknowledged it: the message may have arrived.",
  code: 499,
  delivery: "unknown",
};

/** The server would cut off the end of the message without notice. */
export const TOO_LONG: SendFailed = {
  error:
    `Too long: the server keeps ${MAX_CONTENT_LENGTH} characters of a message, counted after ` +
    "HTML-escaping. splitContent() splits a text into parts that fit.",
  code: 413,
  delivery: "not_sent",
};

/** The result of a `send`. */
export function sendResult(end: RequestEnd): SendResult {
  const result = end.kind === "acknowledged" ? parseSendAck(end.args) : undefined;
  if (result !== undefined) return result;
  const { error, code } = failure(end);
  return { error: `${error}: the message may have arrived.`, code, delivery: "unknown" };
}

/** The result of a `setDisplayName`. */
export function displayNameResult(end: RequestEnd): DisplayNameResult {
  const result = end.kind === "acknowledged" ? parseDisplayNameAck(end.args) : undefined;
  if (result !== undefined) return result;
  const { error, code } = failure(end);
  return { error: `${error}.`, code };
}

function failure(end: RequestEnd): { error: string; code: number } {
  switch (end.kind) {
    case "lost":
      return { error: "The connection was lost before the server answered", code: 503 };
    case "timeout":
      return { error: "The server did not answer in time", code: 408 };
    case "acknowledged":
      return { error: "The server sent an unrecognised acknowledgement", code: 502 };
  }
}

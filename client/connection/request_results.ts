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

/** The connection was lost while the message waited for a text to be sent. */
export const LOST_BEFORE_SENDING: SendFailed = {
  error: "The connection was lost before the message was sent.",
  code: 503,
  delivery: "not_sent",
};

/** The server would cut off the end of the message without notice. */
export const TOO_LONG: SendFailed = {
  error: `Too long: the server keeps ${MAX_CONTENT_LENGTH} HTML-escaped characters. ` +
    "splitContent() splits a text into parts that fit.",
  code: 413,
  delivery: "not_sent",
};

/** The server would close the connection. */
const TOO_LARGE: SendFailed = {
  error: "Too large: the server does not accept frames of this size. Send a shorter text.",
  code: 413,
  delivery: "not_sent",
};

/** The display name is longer than a frame may be. */
const NAME_TOO_LONG = {
  error: "The display name is too long: the server takes up to 50 characters.",
  code: 400,
};

/** The result for a text that the server cannot pass on; undefined if it can. */
export function malformed(text: string): SendFailed | undefined {
  if (text.isWellFormed()) return undefined;
  // Only the second half of a pair, or the first half without the second, matches in this mode.
  const index = text.search(/\p{Surrogate}/u);
  const error = `Invalid text: half of a character (a lone surrogate) at index ${index}. ` +
    "Cut texts between characters, or send text.toWellFormed().";
  return { error, code: 400, delivery: "not_sent" };
}

/** Why a request failed, by how it ended. */
const FAILURES = {
  unrecognised: { error: "The server sent an unrecognised acknowledgement", code: 502 },
  timeout: { error: "The server did not answer in time", code: 408 },
  lost: { error: "The connection was lost before the server answered", code: 503 },
};

/** The result of a `send`. */
export function sendResult(end: RequestEnd): SendResult {
  if (end === "too_large") return TOO_LARGE;
  const result = typeof end === "string" ? undefined : parseSendAck(end);
  if (result !== undefined) return result;
  const { error, code } = FAILURES[typeof end === "string" ? end : "unrecognised"];
  return { error: `${error}: the message may have arrived.`, code, delivery: "unknown" };
}

/** The result of a `setDisplayName`. */
export function displayNameResult(end: RequestEnd): DisplayNameResult {
  if (end === "too_large") return NAME_TOO_LONG;
  const result = typeof end === "string" ? undefined : parseDisplayNameAck(end);
  if (result !== undefined) return result;
  const { error, code } = FAILURES[typeof end === "string" ? end : "unrecognised"];
  return { error: `${error}.`, code };
}

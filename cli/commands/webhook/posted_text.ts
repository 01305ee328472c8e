/**
 * What a webhook posts: JSON, a form or plain text.
 * @module
 */
import { isJsonObject, parseJson } from "../../../client/base/json.ts";
import { fittingLine, oneLine } from "./one_line.ts";

/** The fields whose text is said, in order of preference; Slack and Discord have the first two. */
const TEXT_FIELDS = ["text", "content", "message", "title", "summary"];

/** Why a body cannot be used: the status of the answer, and its text. */
export interface Unusable {
  readonly status: 400 | 415;
  readonly problem: string;
}

/** Reads a body by its content type; `value` is what JSON means, or a text. */
export function readPosted(
  contentType: string,
  body: string,
): { readonly value: unknown } | Unusable {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "application/x-www-form-urlencoded") return readForm(body);
  if (type === "application/json" || type.endsWith("+json")) return readJson(body);
  if (type === "text/plain") return { value: body };
  if (type === "") return { value: parseJson(body) ?? body };
  return { status: 415, problem: "Post JSON, a form (urlencoded) or plain text." };
}

/** GitHub and Slack post JSON in the field `payload` of a form. */
function readForm(body: string): { readonly value: unknown } | Unusable {
  const fields = Object.fromEntries(new URLSearchParams(body));
  return fields["payload"] === undefined ? { value: fields } : readJson(fields["payload"]);
}

function readJson(text: string): { readonly value: unknown } | Unusable {
  const value = parseJson(text);
  return value === undefined ? { status: 400, problem: "The body is not valid JSON." } : { value };
}

/**
 * The line for what was posted: its text, or else all of it as JSON. Undefined if there is nothing to
 * say. It fits one message, and calls no bot, because it starts with a word of its own.
 */
export function postedLine(value: unknown): string | undefined {
  const text = textOf(value);
  if (oneLine(text, 1) === "") return undefined;
  return fittingLine((most) => `Webhook: ${oneLine(text, 2 * most)}`);
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (!isJsonObject(value)) return JSON.stringify(value);
  for (const field of TEXT_FIELDS) {
    const text = Object.hasOwn(value, field) ? value[field] : undefined;
    if (typeof text === "string" && text.trim() !== "") return text;
  }
  return Object.keys(value).length === 0 ? "" : JSON.stringify(value);
}

/**
 * The display names that the server accepts.
 * @module
 */
import { codePointCount, escapeHtml, strip } from "./base/python_text.ts";

const MAX_LENGTH = 50;

/** The result of a request: accepted (escaped, or null to clear the name), refused, or no answer. */
export type RequestedName =
  | { readonly kind: "accepted"; readonly name: string | null }
  | { readonly kind: "refused" }
  | { readonly kind: "unanswered" };

/**
 * Reads the `display_name` of a request. On the real server, any value that is false in Python clears
 * the name. Any other value that is not a string makes the handler fail, so that the request gets no
 * acknowledgement.
 */
export function parseDisplayName(value: unknown): RequestedName {
  if (isFalseInPython(value)) return { kind: "accepted", name: null };
  if (typeof value !== "string") return { kind: "unanswered" };
  const name = strip(value);
  const length = codePointCount(name);
  if (length < 1 || length > MAX_LENGTH || hasControlCharacter(name)) return { kind: "refused" };
  return { kind: "accepted", name: escapeHtml(name) };
}

/** Whether a JSON value is `None`, `False`, zero or empty. */
function isFalseInPython(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}

/** C0 controls except the tab. DEL, C1 and bidirectional controls are allowed. */
function hasControlCharacter(name: string): boolean {
  return [...name].some((character) => character < " " && character !== "\t");
}

/**
 * Which display names the server takes.
 * @module
 */
import { codePointCount, escapeHtml, strip } from "./python_text.ts";

const MAX_LENGTH = 50;

/** A name as asked for: taken (escaped, or null to clear it), refused, or nothing to answer to. */
export type RequestedName =
  | { readonly kind: "taken"; readonly name: string | null }
  | { readonly kind: "refused" }
  | { readonly kind: "unanswered" };

/**
 * Reads the `display_name` of a request. The real server tests for Python's truth: whatever is
 * false there clears the name, and any other value but a text makes its handler fail, which
 * leaves the request without an acknowledgement.
 */
export function parseDisplayName(value: unknown): RequestedName {
  if (isFalseInPython(value)) return { kind: "taken", name: null };
  if (typeof value !== "string") return { kind: "unanswered" };
  const name = strip(value);
  const length = codePointCount(name);
  if (length < 1 || length > MAX_LENGTH || hasControlCharacter(name)) return { kind: "refused" };
  return { kind: "taken", name: escapeHtml(name) };
}

/** Whether a JSON value is `None`, `False`, zero or empty. */
function isFalseInPython(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}

/** Below U+0020, but for the tab; DEL, C1 and bidirectional controls pass. */
function hasControlCharacter(name: string): boolean {
  return [...name].some((character) => character < " " && character !== "\t");
}

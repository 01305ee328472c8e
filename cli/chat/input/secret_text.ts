/**
 * Finds secrets in what a user types, by their shape and by their place, however the command is spelt.
 * They are hidden while typed and never written to a file.
 * @module
 */
import { nearest } from "../../../bot/text/did_you_mean.ts";
import { graphemes } from "../../terminal/text_width.ts";

/** What sessions (JWTs) and magic links look like, up to where the secret starts. */
const SHAPES: readonly RegExp[] = [/(?<![\w-])eyJ[\w-]+\./, /(?:[?&]|%3f|%26)token(?:=|%3d)/i];

/** What may be a token on its own: long, without the marks of an address or a path. */
const RANDOM = /(?<!\S)(?=\S*\d)[\w.~-]{16,}(?!\S)/;

/** A command and the white space after it. The letters may be followed by a sign instead: `/token=T`. */
const COMMAND = /^\s*\/(?!\/)(\p{L}+)([^\s\p{L}]*\s*)/u;

/** The start of a line that takes a token although a command is missing its slash: `token T`. */
const WITHOUT_SLASH = /^\s*token[\s:=]+/i;

/** Whether the line is the command that takes a token, or looks like a slip for it. */
export function takesSecret(text: string): boolean {
  const [, word = ""] = COMMAND.exec(text) ?? [];
  return /^token/i.test(word) || nearest(word, ["token"]) !== undefined;
}

/** The index from which the text must be hidden; the text's length if it contains no secret. */
export function secretStart(text: string): number {
  const starts = SHAPES.map((shape) => shape.exec(text)).flatMap((match) =>
    match === null ? [] : [match[0].startsWith("eyJ") ? match.index : match.index + match[0].length]
  );
  return Math.min(text.length, placeOfSecret(text), ...starts);
}

/** The text with its secret replaced by bullets. */
export function withoutSecret(text: string): string {
  const start = secretStart(text);
  return text.slice(0, start) + "•".repeat(graphemes(text.slice(start)).length);
}

/** Whether the text must not be written to a file. */
export function holdsSecret(text: string): boolean {
  return takesSecret(text) || secretStart(text) < text.length ||
    SHAPES.some((one) => one.test(text));
}

/** Where the argument that is a token starts, or would start; Infinity if the line takes none. */
function placeOfSecret(text: string): number {
  const [start = "", word = "", after = ""] = COMMAND.exec(text) ?? [];
  if (takesSecret(text)) {
    // `/tokenT`: everything after the name.
    const isJoined = /^token./i.test(word);
    return start.length - (isJoined ? word.length + after.length - "token".length : 0);
  }
  if (word === "") {
    const [prefix] = WITHOUT_SLASH.exec(text) ?? [];
    return prefix !== undefined && RANDOM.test(text) ? prefix.length : Infinity;
  }
  if (nearest(word, ["login"]) !== undefined) {
    const [email] = /^\s*\/\S+\s+\S*@\S*\s+/.exec(text) ?? [];
    if (email !== undefined) return email.length;
  }
  // Other commands take text, and a path is a message.
  const takesText = /^(?:search|name|export|editor)$/i.test(word) || !/^\s/.test(after);
  return takesText ? Infinity : RANDOM.exec(text)?.index ?? Infinity;
}

/**
 * Untrusted text as a part of one line of one message.
 * @module
 */
import { CONTROL_CHARACTERS } from "../../../client/base/control_characters.ts";
import { splitContent } from "../../../client/mod.ts";
import { fitsServer } from "../../../client/protocol/server_text.ts";

const segmenter = new Intl.Segmenter();

/**
 * The text without line breaks and control characters, cut after `most` characters. Nothing in it starts
 * a line, drives a terminal or changes the direction of the text around it.
 */
export function oneLine(text: string, most: number): string {
  // Cut first, so that a very long text costs no more than a short one; a character is many code points at most.
  const head = text.slice(0, 20 * most).toWellFormed();
  const line = head.replace(/\s+/g, " ").replace(CONTROL_CHARACTERS, "\ufffd").trim();
  const characters = Array.from(segmenter.segment(line), ({ segment }) => segment);
  return characters.length <= most ? line : `${characters.slice(0, most).join("").trimEnd()}…`;
}

/**
 * A line that fits one message, made by `lineWith` from a text of at most as many characters as it is
 * given: as many as possible.
 */
export function fittingLine(lineWith: (most: number) => string): string {
  for (const most of [400, 200, 100, 50, 20]) {
    const line = lineWith(most);
    if (fitsServer(line)) return line;
  }
  const [first = ""] = splitContent(lineWith(20));
  return first;
}

/** The URL in its normal form, which has no white space; empty if it is not one of the web. */
export function webUrl(text: string): string {
  if (text.length > 500 || !URL.canParse(text)) return "";
  const { protocol, username, href } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" ? href : "";
}

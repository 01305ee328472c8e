/**
 * Makes links that are wrapped clickable as a whole, with the OSC 8 sequences of modern terminals.
 * @module
 */
import type { Row } from "./terminal_text.ts";

/** Makes a part of a row's text link to `url`. */
export type Link = (url: string, text: string) => string;

/** Characters that a link target must not contain as they are; the terminal gets them encoded. */
const UNSAFE = /[^!-~]+/g;

/** Links, for the terminal that `TERM` names. Simple terminals would show the sequences as text. */
export function linkFor(term: string | undefined): Link {
  if (!takesSequences(term) || ["linux", "vt100", "vt220"].includes(term)) {
    return (_, text) => text;
  }
  return (url, text) => `\x1b]8;id=url;${target(url)}\x1b\\${text}\x1b]8;;\x1b\\`;
}

/** Whether the terminal that `TERM` names takes escape sequences at all. */
export function takesSequences(term: string | undefined): term is string {
  return term !== undefined && term !== "" && term !== "dumb";
}

/** The row's text with its links. */
export function withLinks({ text, links }: Row, link: Link): string {
  let linked = "";
  let at = 0;
  for (const { start, end, url } of links) {
    linked += text.slice(at, start) + link(url, text.slice(start, end));
    at = end;
  }
  return linked + text.slice(at);
}

/** The target is what the text shows: only characters that are not ASCII are encoded. */
function target(url: string): string {
  return url.toWellFormed().replace(UNSAFE, encodeURIComponent);
}

/**
 * The grammar of the chat's own terminal output. Anything else in the output came from others.
 * @module
 */
import { CONTROL_CHARACTERS } from "../../support/hostile_texts.ts";

const ESC = "\\x1b";
const text = `[^\\n${CONTROL_CHARACTERS.source.slice(1)}*`;
/** Text with links, each of which ends within its row. */
const link = `${ESC}\\]8;id=url;https?://[!-~]+${ESC}\\\\${text}${ESC}\\]8;;${ESC}\\\\`;
const linked = `${text}(?:${link}${text})*`;
/** A row; styles end within their row. */
const row = `${linked}(?:${ESC}\\[(?:[12]|3[1256]|94|1;33)m${linked}${ESC}\\[m${linked})*`;
const rows = `${row}(?:${ESC}E${row})*`;
const up = `(?:${ESC}\\[\\d+A)?`;
const toFooterTop = `\\r${up}${ESC}\\[J`;
const cleared = `(?:(?:\\r\\n)+${ESC}\\[H)?`;
/** The cursor is placed by its column, or by writing the text before it again. */
const withCursor = `${up}(?:${ESC}\\[\\d+G|\\r${text})${ESC}\\[\\?25h`;
/** A row that the terminal must not wrap, and one that it cannot. */
const printed = `(?:${ESC}\\[\\?7l${row}${ESC}\\[\\?7h|${row})\\r\\n`;
/** The cursor waits at the top, a block shows its place. */
const block = `${ESC}\\[7m${text}${ESC}\\[27m${rows}`;
const footer = `${rows}(?:${ESC}\\[\\?7h${withCursor}|${block}${ESC}\\[\\?7h\\r${up})`;
const frame =
  `${ESC}\\[\\?2026h${ESC}\\[\\?25l${toFooterTop}${cleared}(?:${printed})*${rows}${ESC}\\[\\?7l${footer}` +
  `${ESC}\\[\\?2026l\\x07?`;
const enter = `${ESC}\\[\\?2004h${ESC}\\[\\?1004h`;
const leave = `(?:${toFooterTop})?${ESC}\\[\\?2026l${ESC}\\[\\?7h${ESC}\\[\\?25h` +
  `${ESC}\\[\\?1004l${ESC}\\[\\?2004l`;

/**
 * The first part of the chat's output that does not match the grammar, if any. The last frame may be
 * incomplete.
 */
export function foreignPart(written: string): string | undefined {
  const own = new RegExp(`${enter}|${leave}|${frame}`, "y");
  let at = written.indexOf("\x1b[?2004h");
  for (own.lastIndex = at; own.test(written);) at = own.lastIndex;
  const rest = written.slice(at);
  const end = rest.indexOf("\x1b[?2026h", 1);
  return rest === "" ? undefined : rest.slice(0, end < 0 ? undefined : end);
}

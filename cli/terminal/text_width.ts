/**
 * Measures how many columns a text takes on a terminal.
 *
 * `unicodeWidth` of @std/cli counts each part of a joined emoji. string-width gets that right but takes
 * 36 ms to load, a third of the time to the chat's first frame.
 * @module
 */

/** Each takes 10 ms to create, so both are created on first use. */
let segmenter: Intl.Segmenter | undefined;
let joinedEmoji: RegExp | undefined;

/** Characters that never combine with their neighbours: each is a grapheme. */
const SINGLE = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2bff]*$/;
const PLAIN = /^[\x20-\x7e]*$/;

/** The most columns that a tab takes. */
export const TAB_COLUMNS = 8;

/** East Asian Width W and F of UAX #11 in Unicode 16, which include emoji. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3247\u3250-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
const SINGLE_CODE_POINT = /^.$/su;
/** Format characters that terminals draw: the soft hyphen, and the Arabic signs around numbers. */
const DRAWN_FORMAT = /^[\u00ad\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;
/** Characters without a column: combining marks and format characters. Spacing marks take one. */
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff\uffa0]/u;
/** Hangul vowels and finals, which have no column of their own only after a consonant. */
const HANGUL_PART = /^[\u1160-\u11ff\ud7b0-\ud7ff\uffa0]/;
/** Circled numbers, which the C library counts as wide and Unicode as ambiguous. */
const WIDE_FOR_SOME = /^[\u3248-\u324f]/;
const EMOJI_VARIATION = "\ufe0f";

/** Splits a text into user-perceived characters, such as a letter with its accents or a joined emoji. */
export function graphemes(text: string): string[] {
  return SINGLE.test(text) ? text.split("") : Array.from(segmentsOf(text), toSegment);
}

/**
 * The columns of one grapheme, which must not be a control character: where most terminals put the
 * cursor after it. They add the columns of its characters, except for joined emoji.
 */
export function graphemeWidth(grapheme: string): number {
  if (PLAIN.test(grapheme)) return grapheme.length;
  if (SINGLE_CODE_POINT.test(grapheme)) return characterWidth(grapheme);
  if (isJoinedEmoji(grapheme)) return 2;
  let width = 0;
  for (const character of grapheme) width += characterWidth(character);
  return width;
}

/**
 * The most columns that any terminal gives a grapheme, which must not be a control character. Text
 * that is wrapped by it never spills into the next row. Terminals differ: some draw the parts of a
 * joined emoji one after the other.
 */
export function widestGrapheme(grapheme: string): number {
  if (PLAIN.test(grapheme)) return grapheme.length;
  const startsWide = WIDE.test(grapheme);
  let width = 0;
  let last = 0;
  for (const character of grapheme) {
    if (character === EMOJI_VARIATION) last = last === 1 ? 1 : 0;
    else if (WIDE_FOR_SOME.test(character)) last = 2;
    else if (HANGUL_PART.test(character)) last = startsWide ? 0 : 1;
    else last = characterWidth(character);
    width += last;
  }
  return width;
}

/** The columns of a text, which must not contain control characters. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/** The most columns that any terminal gives a text, which must not contain control characters. */
export function widestText(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += widestGrapheme(grapheme);
  return width;
}

/** Whether a text could take more than `columns` if every character that is not ASCII were wide. */
export function couldExceed(text: string, columns: number): boolean {
  if (text.length * TAB_COLUMNS <= columns || PLAIN.test(text)) return false;
  let width = 0;
  for (const char of text) width += char === "\t" ? TAB_COLUMNS : PLAIN.test(char) ? 1 : 2;
  return width > columns;
}

/** Truncates the text to `columns` on any terminal, with an ellipsis at the end. */
export function fitColumns(text: string, columns: number): string {
  if (widestText(text) <= columns) return text;
  if (columns < 1) return "";
  let fitted = "";
  let width = 1;
  for (const grapheme of graphemes(text)) {
    width += widestGrapheme(grapheme);
    if (width > columns) break;
    fitted += grapheme;
  }
  return `${fitted}…`;
}

/** The start of the grapheme before `index`; 0 at the start of the text. */
export function graphemeBefore(text: string, index: number): number {
  if (index <= 1) return 0;
  const line = text.lastIndexOf("\n", index - 2) + 1;
  const before = segmentsOf(text.slice(line)).containing(index - 1 - line);
  return line + (before?.index ?? 0);
}

/** The end of the grapheme at `index`; the text's length at the end of the text. */
export function graphemeAfter(text: string, index: number): number {
  if (index >= text.length) return text.length;
  const end = text.indexOf("\n", index + 1);
  const rest = text.slice(index, end < 0 ? undefined : end);
  return index + (graphemes(rest)[0]?.length ?? 1);
}

function characterWidth(character: string): number {
  if (ZERO_WIDTH.test(character)) return DRAWN_FORMAT.test(character) ? 1 : 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Whether the grapheme is an emoji of several code points. */
function isJoinedEmoji(grapheme: string): boolean {
  // A literal would be compiled, emoji tables included, when the module loads.
  joinedEmoji ??= new RegExp(String.raw`^\p{RGI_Emoji}$`, "v");
  return joinedEmoji.test(grapheme);
}

function segmentsOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

function toSegment({ segment }: Intl.SegmentData): string {
  return segment;
}

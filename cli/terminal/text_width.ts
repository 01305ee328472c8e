/**
 * How many columns a terminal gives to a text.
 *
 * `unicodeWidth` of @std/cli counts the parts of a joined emoji one by one, and string-width, which
 * does not, takes 36 ms to load: a third of the time to the chat's first frame.
 * @module
 */

/** These take 10 ms each to make, so that they are made when a text needs them first. */
let segmenter: Intl.Segmenter | undefined;
let joinedEmoji: RegExp | undefined;

/** Letters and symbols that stand for themselves, whatever is beside them. */
const SINGLE = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2bff]*$/;
const PLAIN = /^[\x20-\x7e]*$/;
/** East Asian Width W and F, as UAX #11 of Unicode 16 has them; emoji are among them. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3247\u3250-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
const SINGLE_CODE_POINT = /^.$/su;
/** What has no column: marks on the character before, and format characters. */
const NOTHING = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff\uffa0]/u;

/** What a reader takes for single characters: a letter with its accents, a joined emoji. */
export function graphemes(text: string): string[] {
  return SINGLE.test(text) ? text.split("") : Array.from(segmentsOf(text), toSegment);
}

/** The columns of one grapheme: 0, 1 or 2. It holds no control character. */
export function graphemeWidth(grapheme: string): number {
  if (PLAIN.test(grapheme)) return grapheme.length;
  if (!SINGLE_CODE_POINT.test(grapheme) && isJoinedEmoji(grapheme)) return 2;
  // What follows the base (accents, joiners) takes no column of its own.
  if (NOTHING.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** The columns of a text without control characters. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/** The text cut to `columns`, with an ellipsis in the place of what is left out. */
export function fitColumns(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  if (columns < 1) return "";
  let fitted = "";
  let width = 1;
  for (const grapheme of graphemes(text)) {
    width += graphemeWidth(grapheme);
    if (width > columns) break;
    fitted += grapheme;
  }
  return `${fitted}…`;
}

/** Where the grapheme before `index` starts; 0 at the start. */
export function graphemeBefore(text: string, index: number): number {
  if (index <= 1) return 0;
  const line = text.lastIndexOf("\n", index - 2) + 1;
  const before = segmentsOf(text.slice(line)).containing(index - 1 - line);
  return line + (before?.index ?? 0);
}

/** Where the grapheme at `index` ends; the text's length at the end. */
export function graphemeAfter(text: string, index: number): number {
  if (index >= text.length) return text.length;
  const end = text.indexOf("\n", index + 1);
  const rest = text.slice(index, end < 0 ? undefined : end);
  return index + (graphemes(rest)[0]?.length ?? 1);
}

/** Whether it is an emoji of several code points. */
function isJoinedEmoji(grapheme: string): boolean {
  // A literal would be read, and its emoji looked up, with the module.
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

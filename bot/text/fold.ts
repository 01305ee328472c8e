/**
 * One form for texts that people take for the same, so that what phones and keyboards change without
 * being seen (width, composition, invisible characters, case) does not change what a message means.
 *
 * Used wherever the grammar is read: prefixes, names, command words, flags, choices, numbers, yes and
 * no, cancel words. Free text is never folded.
 * @module
 */

const ASCII = /^[\x20-\x7e]*$/;
/** Half-width and full-width forms: `！`, `ｐ`, `ｶﾞ`. */
const WIDTH_FORMS = /[\uff01-\uffee]+/g;
/** Hyphens and the minus sign, which keyboards put in place of `-`. Dashes are left alone. */
const HYPHENS = /[\u2010\u2011\u2212\ufe63]/g;

/** The folded form of a word or name. Folding it again changes nothing. */
export function fold(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : foldUnicode(text);
}

function foldUnicode(text: string): string {
  return removeInvisible(text)
    .replace(WIDTH_FORMS, (run) => run.normalize("NFKC"))
    .replace(HYPHENS, "-")
    .normalize("NFC")
    // U+0130 is the one letter whose lower case is longer than itself: i with a combining dot.
    .toLowerCase().replaceAll("i\u0307", "i").replaceAll("ς", "σ");
}

/** The text without its invisible characters, otherwise as typed. */
export function withoutInvisible(text: string): string {
  return ASCII.test(text) ? text : removeInvisible(text);
}

/**
 * Removes Unicode's Default_Ignorable_Code_Point: zero-width spaces, joiners, direction marks, U+FEFF.
 * Building the tables of `\p{…}` takes longer than loading a module, so it waits until they are needed.
 */
function removeInvisible(text: string): string {
  return text.replace(/\p{Default_Ignorable_Code_Point}+/gu, "");
}

/**
 * The offset in `text` after a prefix that folds to `folded`, in UTF-16 code units; -1 if there is
 * no such prefix. Invisible characters around the start belong to it.
 */
export function endOfFoldedStart(text: string, folded: string): number {
  const { length } = folded;
  if (isAscii(text, length + 1)) {
    return text.slice(0, length).toLowerCase() === folded ? length : -1;
  }
  // Decomposed letters and invisible characters make a start longer than its folded form.
  const head = text.slice(0, 3 * length + MAX_INVISIBLE);
  if (!fold(head).startsWith(folded)) return -1;
  for (let end = 0; end <= head.length; end = nextCodePoint(head, end)) {
    const start = fold(head.slice(0, end));
    if (start.length > length) return -1;
    // A combining mark that follows belongs to the last letter, and makes it another one.
    if (start === folded && !/^\p{M}/u.test(text.slice(end, end + 2))) {
      return skipInvisible(text, end);
    }
    if (end === head.length) return -1;
  }
  return -1;
}

/** The maximum number of invisible code units that are skipped at the start of a message. */
const MAX_INVISIBLE = 32;

function isAscii(text: string, length: number): boolean {
  for (let at = 0; at < length && at < text.length; at++) {
    if (text.charCodeAt(at) > 0x7e) return false;
  }
  return true;
}

function nextCodePoint(text: string, at: number): number {
  const codePoint = text.codePointAt(at) ?? 0;
  return at + (codePoint > 0xffff ? 2 : 1);
}

/** Where the invisible characters at `from` end. */
export function skipInvisible(text: string, from: number): number {
  if (isAscii(text.charAt(from), 1)) return from;
  const invisible = /\p{Default_Ignorable_Code_Point}*/uy;
  invisible.lastIndex = from;
  invisible.test(text);
  return invisible.lastIndex;
}

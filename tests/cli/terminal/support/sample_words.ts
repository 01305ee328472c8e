/**
 * Words of many scripts: letters of the script, each followed by some of its marks.
 * @module
 */

/** The scripts whose widths are compared with other programs. */
export const SCRIPTS: readonly string[] = [
  ..."Latin Greek Cyrillic Armenian Hebrew Arabic Syriac Thaana Nko Devanagari Bengali".split(" "),
  ..."Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan".split(" "),
  ..."Myanmar Georgian Hangul Ethiopic Cherokee Khmer Mongolian Hiragana Katakana".split(" "),
  ..."Bopomofo Han Yi Balinese Javanese Sundanese Cham Tai_Tham Meetei_Mayek Lepcha".split(" "),
];

/** The last code point that words are made of. */
const LAST = 0x2_ffff;

/** Generates the same `count` words of a script every time. */
export function wordsOf(script: string, count: number): string[] {
  const letters: string[] = [];
  const marks: string[] = [];
  const isOfScript = new RegExp(`\\p{scx=${script}}`, "u");
  for (let code = 0x41; code <= LAST; code++) {
    const char = String.fromCodePoint(code);
    if (!isOfScript.test(char)) continue;
    if (/\p{L}/u.test(char)) letters.push(char);
    else if (/\p{M}/u.test(char)) marks.push(char);
  }
  let seed = script.length * 7919 + letters.length;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const syllable = (): string => {
    const letter = letters[next(letters.length)] ?? "";
    const marked = marks.length === 0 ? 0 : next(3);
    return letter + Array.from({ length: marked }, () => marks[next(marks.length)] ?? "").join("");
  };
  return Array.from(
    { length: count },
    () => Array.from({ length: 1 + next(5) }, syllable).join(""),
  );
}

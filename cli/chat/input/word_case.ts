/**
 * Changes the case of a word in a text, by the rules of Unicode and not of a language.
 * @module
 */

/** Converts `word`, which is between `before` and `after` in a text. */
export type CaseChange = (before: string, word: string, after: string) => string;

/** `straße` becomes `STRASSE`. */
export function upperCase(_before: string, word: string): string {
  return word.toUpperCase();
}

/** `ΟΔΟΣ` becomes `οδος`: the form of some letters depends on the text around them. */
export function lowerCase(before: string, word: string, after: string): string {
  const all = (before + word + after).toLowerCase();
  // Around the word, only forms of the same length can differ.
  return all.slice(before.toLowerCase().length, all.length - after.toLowerCase().length);
}

/** The first letter in upper case, the rest in lower case; a word that starts with a digit has none. */
export function capitalCase(before: string, word: string, after: string): string {
  const [whole = "", first = ""] = /^[^\p{L}\p{N}]*([\p{L}\p{N}])/u.exec(word) ?? [];
  const start = word.slice(0, whole.length - first.length);
  // `ﬁ` becomes `Fi`: of several capitals for one letter, only the first is one.
  const capital = first.toUpperCase().replace(/(?<=\p{Lu})\p{Lu}+/u, (more) => more.toLowerCase());
  const rest = word.slice(whole.length);
  return start + capital + lowerCase(before + whole, rest, after);
}

/**
 * Writes a word so that the tokenizer reads it back.
 * @module
 */

/** The word in quotes: double ones, and single ones around the double quotes in it. */
export function quote(word: string): string {
  if (word === "") return '""';
  return word.replace(
    /[“”„‟"]+|[^“”„‟"]+/g,
    (run) => /[“”„‟"]/.test(run) ? `'${run}'` : `"${run}"`,
  );
}

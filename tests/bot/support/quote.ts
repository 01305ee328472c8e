/**
 * Quotes a word so that the tokenizer reads it back unchanged.
 * @module
 */

/** The word in double quotes, with single quotes around the double quotes in it. */
export function quote(word: string): string {
  if (word === "") return '""';
  return word.replace(
    /[“”„‟"]+|[^“”„‟"]+/g,
    (run) => /[“”„‟"]/.test(run) ? `'${run}'` : `"${run}"`,
  );
}

/**
 * Reads words as a POSIX shell does, where people write what they would write in one: `EDITOR`, file names.
 * @module
 */

/** The parts of a word, and the white space between words. */
const PART =
  /'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[^])*)"|\\(?<escaped>[^])|\$(?<variable>\w+|\{\w+\})|(?<plain>[^\s'"\\$]+|\$)|(?<space>\s+)/gy;
const IN_DOUBLE_QUOTES = /\\(?<escaped>["\\$`\n])|\$(?<variable>\w+|\{\w+\})/g;

/** Returns the value of a variable; undefined if it is not set. */
type Environment = (name: string) => string | undefined;

/**
 * Splits `text` into words. Quotes, backslashes, `$NAME`, `${NAME}` and a leading `~` mean what they mean
 * to a shell; the value of a variable is not split. Returns undefined if a quote is not closed.
 */
export function shellWords(text: string, env: Environment): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let end = 0;
  for (const { 0: part, groups = {} } of text.matchAll(PART)) {
    end += part.length;
    if (groups["space"] === undefined) {
      const isFirst = word === undefined;
      word = (word ?? "") + textOf(groups, env, isFirst);
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (end < text.length) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

function textOf(
  part: Readonly<Record<string, string>>,
  env: Environment,
  isFirst: boolean,
): string {
  const { single, double, escaped, variable, plain = "" } = part;
  if (single !== undefined) return single;
  if (double !== undefined) {
    return double.replace(IN_DOUBLE_QUOTES, (_, escaped, variable) => {
      return escaped === undefined ? valueOf(variable, env) : characterOf(escaped);
    });
  }
  if (escaped !== undefined) return characterOf(escaped);
  if (variable !== undefined) return valueOf(variable, env);
  return isFirst ? withHome(plain, env("HOME")) : plain;
}

/** A backslash before the end of a line joins the lines. */
function characterOf(escaped: string): string {
  return escaped === "\n" ? "" : escaped;
}

function valueOf(variable: string, env: Environment): string {
  return env(variable.replace(/[{}]/g, "")) ?? "";
}

/** `~` and `~/…` below the home folder, if it is known; other text as it is. */
export function withHome(path: string, home: string | undefined): string {
  return home !== undefined && /^~(?=\/|$)/.test(path) ? home + path.slice(1) : path;
}

/**
 * Variables in the values of roomz.toml, with the meaning that envtoml gives them, which reads the
 * files for the Python client (envtoml 0.5.0).
 * @module
 */

/** Names of keys and variables whose values are secrets. */
export const SECRET_NAME = /token|secret|passw|credential|(^|[_-]|api)key$/i;

/** `$$`, `${NAME}`, `${NAME:-default}` or `$NAME`; names are upper case. */
const VARIABLE =
  /\$\$|\$\{(?<braced>[A-Z_][A-Z0-9_]*)(?::-(?<otherwise>[^}]*))?\}|\$(?<simple>[A-Z_][A-Z0-9_]*)/g;

/** Whether a text is more than variables: then it holds a value itself. */
export function hasOwnText(text: string): boolean {
  return text.replace(VARIABLE, "") !== "";
}

/** The first variable in a text whose name says that it is a secret. */
export function secretVariable(text: string): string | undefined {
  const names = [...text.matchAll(VARIABLE)].map(({ groups }) => groups?.braced ?? groups?.simple);
  return names.find((name) => name !== undefined && SECRET_NAME.test(name));
}

/**
 * The text with its variables replaced. An empty variable counts as unset. As in envtoml, a text with
 * variables whose result is a TOML string, quotes included, is that string; but one that is a number
 * or a date stays the text that it is.
 */
export async function expandVariables(
  text: string,
  env: (name: string) => string | undefined,
): Promise<string> {
  let expanded = "";
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    const { braced, simple, otherwise = "" } = match.groups ?? {};
    const name = braced ?? simple;
    const value = name === undefined ? "$" : env(name) || otherwise;
    expanded += text.slice(end, match.index) + value;
    end = match.index + match[0].length;
  }
  if (end === 0) return text;
  expanded += text.slice(end);
  return await quotedText(expanded) ?? expanded;
}

/** The value of a TOML string; undefined if the text is none. */
async function quotedText(text: string): Promise<string | undefined> {
  if (!/^\s*["']/.test(text)) return undefined;
  const { parse, TomlError } = await import("smol-toml");
  try {
    const { v } = parse(`v = ${text}`);
    return typeof v === "string" ? v : undefined;
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}

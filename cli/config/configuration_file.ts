/**
 * Reads roomz.toml, the file that the Python client uses as well: `[client] server_url, display_name`,
 * with `${VAR}` replaced from the environment.
 * @module
 */
import type { TomlTable, TomlValue } from "smol-toml";
import { messageOf } from "../../client/base/errors.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { shellWord } from "../command_line/shell_word.ts";
import { homeFolder } from "./folders.ts";
import { DEFAULTS, type Layer } from "./settings.ts";
import { expandVariables, hasOwnText, SECRET_NAME, secretVariable } from "./variables.ts";

/**
 * The settings in a file; empty if there is no file. An empty string, or one made of unset
 * variables, counts as not set; but a display name that is written as empty means none.
 * @throws {CommandError} The file cannot be read, is not TOML, has a value of the wrong type, or
 * holds a secret and is readable by other users.
 */
export async function readConfigurationFile(io: Io, path: string): Promise<Layer> {
  const text = await readFile(path);
  if (text === undefined) return {};
  const table = await parseToml(path, text);
  await requireTrust(io, path);
  await requirePrivacy(path, table);

  const client = table["client"] ?? {};
  if (!isTable(client)) throw wrong(path, '"client" must be a table: [client]');
  const server = await textOf(io, path, client, "server_url");
  const name = client["display_name"] === ""
    ? ""
    : await textOf(io, path, client, "display_name") || undefined;
  const { history } = client;
  if (history !== undefined && typeof history !== "boolean") {
    throw wrong(path, '"history" must be true or false');
  }
  return {
    ...(server && { server_url: { value: server, origin: path } }),
    ...(name !== undefined && { display_name: { value: name, origin: path } }),
    ...(history !== undefined && { history: { value: history, origin: path } }),
  };
}

/**
 * Parses the text of the file at `path`.
 * @throws {CommandError} The text is not TOML.
 */
export async function parseToml(path: string, text: string): Promise<TomlTable> {
  // Loaded on demand: most runs find no file.
  const { parse, TomlError } = await import("smol-toml");
  try {
    // Other tables may hold integers beyond 2^53.
    return parse(text, { integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The other lines quote the file, which may hold a secret.
    const [what = ""] = error.message.split("\n", 1);
    const atEndOfLine = error.column > (text.split(/\r?\n/)[error.line - 1]?.length ?? 0);
    const cause = atEndOfLine && /control character/.test(what)
      ? "Invalid TOML document: the string that starts on this line has no closing quote"
      : what;
    throw wrong(path, `line ${error.line}, column ${error.column}: ${cause}`);
  }
}

/** The text of a file; undefined if it does not exist or `roomz` has no permission to read it. */
export async function readFile(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
      error instanceof Deno.errors.NotCapable
    ) return undefined;
    const reason = messageOf(error);
    throw new CommandError(`Could not read the configuration: ${reason}`, ExitCode.USAGE, {
      cause: error,
    });
  }
}

/** A file that others could have written decides where tokens are sent. */
async function requireTrust(io: Io, path: string): Promise<void> {
  const home = homeFolder(io);
  const [file, folder, homeInfo] = await Promise.all(
    [path, path.replace(/[^/]*$/, "."), home].map((one) => one && Deno.stat(one).catch(() => null)),
  );
  const owners = [0, homeInfo ? homeInfo.uid : file ? file.uid : null];
  if (home !== undefined && file && file.uid !== null && !owners.includes(file.uid)) {
    throw new CommandError(
      `${path} belongs to another user, who could change the server. Copy it, or move it away.`,
      ExitCode.USAGE,
    );
  }
  if (!folder || folder.mode === null || (folder.mode & 0o002) === 0) return;
  if (home !== undefined && path.startsWith(`${home}/`)) return;
  throw new CommandError(
    `${path} is in a folder that every user can write to. Move it to a folder of yours.`,
    ExitCode.USAGE,
  );
}

async function requirePrivacy(path: string, table: TomlTable): Promise<void> {
  const secret = secretIn(table);
  if (secret === undefined) return;
  const { mode } = await Deno.stat(path);
  if (mode === null || (mode & 0o077) === 0) return; // Windows has no modes.
  throw new CommandError(
    `${path} holds a secret (${secret}) and is readable by other users. Run: ` +
      `chmod 600 ${shellWord(path)}`,
    ExitCode.USAGE,
  );
}

/** The dotted path of the first key whose value is a secret. */
function secretIn(table: TomlTable): string | undefined {
  for (const [key, value] of Object.entries(table)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === "string") {
        if (SECRET_NAME.test(key) && hasOwnText(one)) return key;
      } else if (isTable(one)) {
        const below = secretIn(one);
        if (below !== undefined) return `${key}.${below}`;
      }
    }
  }
  return undefined;
}

/**
 * The unknown settings in a file, such as `client.server-url`: unknown keys of `[client]`,
 * and known settings outside it. Other tables belong to other programs.
 * @throws {CommandError} The file cannot be read, or is not TOML.
 */
export async function unknownSettings(path: string): Promise<string[]> {
  const text = await readFile(path);
  if (text === undefined) return [];
  const table = await parseToml(path, text);
  const isSetting = (key: string): boolean => Object.hasOwn(DEFAULTS, key);
  const others = Object.keys(clientOf(table)).filter((key) => !isSetting(key));
  return [...Object.keys(table).filter(isSetting), ...others.map((key) => `client.${key}`)];
}

async function textOf(
  io: Io,
  path: string,
  table: TomlTable,
  key: string,
): Promise<string | undefined> {
  const value = table[key];
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw wrong(path, `"${key}" must be a string in quotes`);
  const secret = secretVariable(value);
  if (secret !== undefined) {
    throw wrong(path, `"${key}" must not hold a secret, and \${${secret}} looks like one`);
  }
  return await expandVariables(value, (name) => io.env(name));
}

/** The table `[client]`; empty if the file has none. */
export function clientOf({ client }: TomlTable): TomlTable {
  return client !== undefined && isTable(client) ? client : {};
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

function wrong(path: string, what: string): CommandError {
  return new CommandError(`${path} is invalid: ${what}.`, ExitCode.USAGE);
}

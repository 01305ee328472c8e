/**
 * Changes one setting in a configuration file and leaves the rest as the user wrote it.
 * @module
 */
import type { TomlTable } from "smol-toml";
import { CommandError } from "../command_line/exit_code.ts";
import { clientOf, parseToml } from "./configuration_file.ts";
import { expandVariables } from "./variables.ts";

/**
 * The text of the file `path` with `key` of its table `[client]` set to `value`; undefined
 * removes it.
 * @throws {CommandError} The text is not TOML, or is written in a form that must be edited by hand.
 */
export async function withClientSetting(
  path: string,
  text: string,
  key: string,
  value: string | undefined,
): Promise<string> {
  const before = await parseToml(path, text);
  const edited = editLines(text, key, value);
  // Lines were matched as text, and a multi-line string may contain what looks like a setting; an
  // inline table cannot be extended by a line.
  const after = await parseToml(path, edited).catch(() => undefined);
  if (after !== undefined && withoutSetting(before, key) === withoutSetting(after, key)) {
    const written = clientOf(after)[key];
    const read = typeof written === "string" ? await expandVariables(written, () => "") : written;
    if (read === value) return edited;
  }
  throw new CommandError(
    `Could not edit ${path} automatically. Edit it by hand: ${key} belongs in [client].`,
  );
}

function editLines(text: string, key: string, value: string | undefined): string {
  // A dollar sign begins a variable, two of them stand for one.
  const setting = value === undefined
    ? []
    : [`${key} = ${JSON.stringify(value.replaceAll("$", "$$$$"))}`];
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const name = `(?:${key}|"${key}"|'${key}')`;
  const client = `(?:client|"client"|'client')`;
  const header = lines.findIndex((line) => new RegExp(`^\\s*\\[\\s*${client}\\s*\\]`).test(line));
  const firstTable = lines.findIndex((line) => /^\s*\[/.test(line));
  const dotted = lines.findIndex((line, at) =>
    (firstTable === -1 || at < firstTable) &&
    new RegExp(`^\\s*${client}\\s*\\.\\s*${name}\\s*=`).test(line)
  );
  const anyDotted = lines.findIndex((line, at) =>
    (firstTable === -1 || at < firstTable) && new RegExp(`^\\s*${client}\\s*\\.`).test(line)
  );
  if (dotted !== -1) lines.splice(dotted, 1, ...setting.map((line) => `client.${line}`));
  else if (anyDotted !== -1) lines.splice(anyDotted, 0, ...setting.map((line) => `client.${line}`));
  else if (header === -1) lines.push(...setting.length > 0 ? ["[client]", ...setting] : []);
  else {
    const next = lines.findIndex((line, at) => at > header && /^\s*\[/.test(line));
    const end = next === -1 ? lines.length : next;
    const old = lines.findIndex((line, at) =>
      at > header && at < end && new RegExp(`^\\s*${name}\\s*=`).test(line)
    );
    lines.splice(old === -1 ? header + 1 : old, old === -1 ? 0 : 1, ...setting);
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Everything but the setting, to compare. */
function withoutSetting(table: TomlTable, key: string): string {
  return JSON.stringify({ ...table, client: { ...clientOf(table), [key]: undefined } }, sorted);
}

/** For JSON.stringify: keys in one order. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1));
}

/**
 * Changes one setting in a configuration file and leaves the rest as the user wrote it.
 * @module
 */
import type { TomlTable } from "smol-toml";
import { CommandError } from "../command_line/exit_code.ts";
import { clientOf, parseToml } from "./configuration_file.ts";

/**
 * The text of the file `path` with `key` of its table `[client]` set to `value`; an empty
 * `value` removes it.
 * @throws {CommandError} The text is not TOML, or is written in a form that must be edited by hand.
 */
export async function withClientSetting(
  path: string,
  text: string,
  key: string,
  value: string,
): Promise<string> {
  const edited = editLines(text, key, value);
  // Lines were matched as text, and a multi-line string may contain what looks like a setting.
  const [before, after] = [await parseToml(path, text), await parseToml(path, edited)];
  const wanted = withoutSetting(before, key) === withoutSetting(after, key);
  if (wanted && (clientOf(after)[key] ?? "") === value) return edited;
  throw new CommandError(
    `Could not edit ${path} automatically. Edit it by hand: ${key} belongs in [client].`,
  );
}

function editLines(text: string, key: string, value: string): string {
  const setting = value === "" ? [] : [`${key} = ${JSON.stringify(value)}`];
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const header = lines.findIndex((line) => /^\s*\[\s*client\s*\]/.test(line));
  if (header === -1) lines.push("[client]", ...setting);
  else {
    const next = lines.findIndex((line, at) => at > header && /^\s*\[/.test(line));
    const end = next === -1 ? lines.length : next;
    const old = lines.findIndex((line, at) =>
      at > header && at < end && new RegExp(`^\\s*${key}\\s*=`).test(line)
    );
    lines.splice(old === -1 ? header + 1 : old, old === -1 ? 0 : 1, ...setting);
  }
  return `${lines.join("\n")}\n`;
}

/** Everything but the setting, to compare. */
function withoutSetting(table: TomlTable, key: string): string {
  return JSON.stringify({ ...table, client: { ...clientOf(table), [key]: undefined } }, sorted);
}

/** For JSON.stringify: keys in one order. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1));
}

/**
 * `roomz name`: prints or sets the configured display name.
 * @module
 */
import type { CommandInput, CommandSpec } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { readConfiguration, userFile } from "../config/configuration.ts";
import { readFile } from "../config/configuration_file.ts";
import { LONGEST_NAME } from "../config/machine_name.ts";
import { replaceFile } from "../config/replace_file.ts";
import { HOST_NAME } from "../config/settings.ts";
import { withClientSetting } from "../config/toml_edit.ts";
import { print, say } from "../terminal/output.ts";

export const nameCommand: CommandSpec = {
  name: "name",
  summary: 'Print or set your display name in ~/.roomz.toml ("" for none).',
  examples: ["roomz name Laptop", "roomz name", "roomz name --reset"],
  arguments: "[name...]",
  options: [
    { flags: "--reset", summary: "Remove the setting: the machine's host name is used again." },
  ],
  async run(io, input) {
    const reset = input.flag("reset");
    if (input.words.length === 0 && !reset) return await printName(io, input);
    if (input.words.length > 0 && reset) {
      throw new CommandError("--reset cannot be combined with a name.", ExitCode.USAGE);
    }

    const name = input.words.join(" ").trim();
    requireName(name);
    const path = userFile(io);
    if (path === undefined) {
      throw new CommandError(
        "HOME is not set, so ~/.roomz.toml cannot be found. Set HOME to your home folder.",
        ExitCode.USAGE,
      );
    }
    const text = await readFile(path);
    if (text !== undefined || !reset) {
      const value = reset ? undefined : name;
      await replaceFile(path, await withClientSetting(path, text ?? "", "display_name", value));
    }

    const { display_name: { value, origin } } = await readConfiguration(io, input);
    if (reset) {
      const isDefault = origin === HOST_NAME || origin === "default";
      const now = value === "" ? "none" : value;
      await say(io, `Display name reset to ${isDefault ? now : "the default"}.`);
      if (!isDefault) await say(io, `${origin} overrides it here with "${value}".`);
      return;
    }
    await say(io, name === "" ? "Display name cleared." : `Display name set to ${name}.`);
    if (value !== name) await say(io, `${origin} overrides it here with "${value}".`);
  },
};

async function printName(io: Io, input: CommandInput): Promise<void> {
  const { display_name: { value, origin } } = await readConfiguration(io, input);
  if (value === "") return await say(io, "You have no display name. Set one with: roomz name NAME");
  await print(io, value);
  if (origin !== HOST_NAME) return;
  await say(
    io,
    "This is the machine's host name; further connections are numbered from 2. " +
      "Set another name with: roomz name NAME",
  );
}

/** Checks the server's rules before connecting. */
function requireName(name: string): void {
  if ([...name].length <= LONGEST_NAME && !/\p{Cc}/u.test(name)) return;
  throw new CommandError(
    `A display name must have at most ${LONGEST_NAME} characters and no control characters.`,
    ExitCode.USAGE,
  );
}

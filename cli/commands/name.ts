/**
 * `roomz name`: prints or sets the configured display name.
 * @module
 */
import type { CommandSpec } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { readConfiguration, userFile } from "../config/configuration.ts";
import { readFile } from "../config/configuration_file.ts";
import { replaceFile } from "../config/replace_file.ts";
import { withClientSetting } from "../config/toml_edit.ts";
import { print, say } from "../terminal/output.ts";

/** The server's limit, in code points (roomz 0.4.0). */
const LONGEST_NAME = 50;

export const nameCommand: CommandSpec = {
  name: "name",
  summary: 'Print or set your display name in ~/.roomz.toml ("" clears it).',
  examples: ["roomz name Laptop", "roomz name"],
  arguments: "[name...]",
  async run(io, input) {
    if (input.words.length === 0) {
      const { display_name: { value } } = await readConfiguration(io, input);
      if (value !== "") await print(io, value);
      else await say(io, "You have no display name. Set one with: roomz name NAME");
      return;
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
    const text = await readFile(path) ?? "";
    const changed = await withClientSetting(path, text, "display_name", name);
    await replaceFile(path, changed);

    await say(io, name === "" ? "Display name cleared." : `Display name set to ${name}.`);
    const { display_name: { value, origin } } = await readConfiguration(io, input);
    if (value !== name) await say(io, `${origin} overrides it here with "${value}".`);
  },
};

/** Checks the server's rules before connecting. */
function requireName(name: string): void {
  if ([...name].length <= LONGEST_NAME && !/\p{Cc}/u.test(name)) return;
  throw new CommandError(
    `A display name must have at most ${LONGEST_NAME} characters and no control characters.`,
    ExitCode.USAGE,
  );
}

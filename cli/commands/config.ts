/**
 * `roomz config`: shows the settings and where each was set.
 * @module
 */
import type { CommandGroup, CommandSpec } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { REDACTED, withoutPassword } from "../command_line/redaction.ts";
import { tokenVariable } from "../command_line/token_variable.ts";
import {
  readConfiguration,
  SETTINGS_ADVICE,
  unknownSettingsText,
  unusedSettings,
  userFile,
} from "../config/configuration.ts";
import { createFile } from "../config/replace_file.ts";
import { print, printJson, say } from "../terminal/output.ts";

const TEMPLATE =
  `# Settings of roomz. A roomz.toml in the current folder overrides this file, and the
# variables ROOMZ_SERVER_URL, ROOMZ_DISPLAY_NAME and ROOMZ_HISTORY override both.
[client]
# server_url = "http://localhost:8000"
# display_name = "Laptop"  # Shown next to your email; the default is the host name, "" means none.
# history = true  # Save received messages, for: roomz history
`;

const configInitCommand: CommandSpec = {
  name: "init",
  summary: "Create ~/.roomz.toml with every setting explained, and print its path.",
  examples: ["roomz config init", '"$EDITOR" "$(roomz config init)"'],
  async run(io) {
    const path = userFile(io);
    if (path === undefined) {
      throw new CommandError(
        "HOME is not set, so ~/.roomz.toml cannot be found. Set HOME to your home folder.",
        ExitCode.USAGE,
      );
    }
    if (!await createFile(path, TEMPLATE)) {
      throw new CommandError(`${path} already exists. Edit it, or move it aside first.`);
    }
    await print(io, path);
  },
};

export const configCommands: CommandGroup = {
  name: "config",
  summary: "Show the configuration.",
  examples: ["roomz config --show-origin", "roomz config --json | jq -r .value"],
  main: {
    options: [
      { flags: "--show-origin", summary: "Also show where each value comes from." },
      { flags: "--json", summary: "Print one JSON object per setting: name, value, origin." },
    ],
    async run(io, input) {
      const settings = Object.entries(await readConfiguration(io, input)).map(
        ([name, { value, origin }]) => ({
          name,
          value: typeof value === "string" ? withoutPassword(value) : value,
          origin,
        }),
      );
      const variable = tokenVariable(io);
      if (variable !== undefined) {
        settings.push({ name: "token", value: REDACTED, origin: variable });
      }
      for (const { path, names } of await unusedSettings(io)) {
        await say(io, `${path}: ${unknownSettingsText(names)} ${SETTINGS_ADVICE}`);
      }
      for (const setting of settings) {
        if (input.flag("json")) {
          await printJson(io, setting);
          continue;
        }
        const { name, value, origin } = setting;
        const from = input.flag("showOrigin") ? `  # ${origin}` : "";
        await print(io, `${name} = ${JSON.stringify(value)}${from}`);
      }
    },
  },
  commands: [configInitCommand],
};

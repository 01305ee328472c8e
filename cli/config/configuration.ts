/**
 * The configuration of one run. Precedence: flag, environment, ./roomz.toml, ~/.roomz.toml, default.
 * The default display name is the machine's host name.
 * @module
 */
import type { CommandInput } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { readConfigurationFile, unknownSettings } from "./configuration_file.ts";
import { homeFolder, pathIn } from "./folders.ts";
import { machineName } from "./machine_name.ts";
import { type Configuration, DEFAULTS, HOST_NAME, type Layer } from "./settings.ts";

/**
 * Reads the configuration.
 * @throws {CommandError} A file or a variable is invalid, or a file holds a secret and is readable by
 * other users.
 */
export async function readConfiguration(io: Io, input: CommandInput): Promise<Configuration> {
  const [project, user] = await Promise.all(
    [projectFile(io), userFile(io)].map((path) =>
      path === undefined ? undefined : readConfigurationFile(io, path)
    ),
  );
  const own = { ...DEFAULTS, ...machine(io), ...user };
  // Where both name the same server, it is the user's choice: tokens may be sent there.
  const server_url = project?.server_url?.value === own.server_url.value
    ? own.server_url
    : project?.server_url ?? own.server_url;
  return { ...own, ...project, server_url, ...environment(io), ...flags(input) };
}

/** The next step after an unknown setting. */
export const SETTINGS_ADVICE = `The known settings are ${
  Object.keys(DEFAULTS).join(", ")
}, in [client].`;

/** The warning about unknown settings in a file. */
export function unknownSettingsText(names: readonly string[]): string {
  return `unknown setting${names.length === 1 ? "" : "s"} ${names.join(", ")} (ignored).`;
}

/**
 * The unknown settings in the configuration files.
 * @throws {CommandError} A file is invalid.
 */
export async function unusedSettings(
  io: Io,
): Promise<{ readonly path: string; readonly names: readonly string[] }[]> {
  const paths = [projectFile(io), userFile(io)].filter((path) => path !== undefined);
  const found = await Promise.all(
    paths.map(async (path) => ({ path, names: await unknownSettings(path) })),
  );
  return found.filter(({ names }) => names.length > 0);
}

/** ./roomz.toml; undefined without permission to know the working folder. */
export function projectFile(io: Io): string | undefined {
  try {
    return pathIn(io.workingFolder(), "roomz.toml");
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/** ~/.roomz.toml; undefined if neither HOME nor USERPROFILE is set. */
export function userFile(io: Io): string | undefined {
  const home = homeFolder(io);
  return home === undefined ? undefined : pathIn(home, ".roomz.toml");
}

function machine(io: Io): Layer {
  const name = machineName(io.hostName?.() ?? "");
  return name === undefined ? {} : { display_name: { value: name, origin: HOST_NAME } };
}

/** An empty variable counts as not set, but for the display name: there it means none. */
function environment(io: Io): Layer {
  const server = io.env("ROOMZ_SERVER_URL");
  const name = io.env("ROOMZ_DISPLAY_NAME");
  const history = io.env("ROOMZ_HISTORY");
  return {
    ...(server && { server_url: { value: server, origin: "ROOMZ_SERVER_URL" } }),
    ...(name !== undefined && { display_name: { value: name, origin: "ROOMZ_DISPLAY_NAME" } }),
    ...(history && { history: { value: yesOrNo(history), origin: "ROOMZ_HISTORY" } }),
  };
}

function flags(input: CommandInput): Layer {
  const server = input.text("server");
  const name: Layer = input.flag("noName")
    ? { display_name: { value: "", origin: "--no-name" } }
    : {};
  if (server === undefined) return name;
  // Probably an unset variable in a script. Never guess another server.
  if (server === "") throw new CommandError("--server is empty. Give it a URL.", ExitCode.USAGE);
  return { ...name, server_url: { value: server, origin: "--server" } };
}

function yesOrNo(text: string): boolean {
  if (/^(true|1|yes)$/i.test(text)) return true;
  if (/^(false|0|no)$/i.test(text)) return false;
  throw new CommandError(
    `ROOMZ_HISTORY must be true or false, but is "${text}".`,
    ExitCode.USAGE,
  );
}

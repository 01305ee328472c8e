/**
 * Where the command keeps things: the home folder, and the state folder of the XDG Base Directory
 * Specification.
 * @module
 */
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";

/** The user's home; undefined where the environment names none. */
export function homeFolder(io: Io): string | undefined {
  return io.env("HOME") || io.env("USERPROFILE") || undefined;
}

/**
 * What `roomz` remembers between runs: in XDG_STATE_HOME, else in ~/.local/state.
 * @throws {CommandError} The environment names no home.
 */
export function stateFolder(io: Io): string {
  const state = io.env("XDG_STATE_HOME");
  // A relative path is to be ignored, says the specification.
  if (state?.startsWith("/")) return pathIn(state, "roomz");
  const home = homeFolder(io);
  if (home !== undefined) return pathIn(home, ".local/state/roomz");
  throw new CommandError(
    "There is no place to keep anything in: set HOME or XDG_STATE_HOME.",
    ExitCode.USAGE,
  );
}

/**
 * The path of what is in a folder. Every call needs one, and @std/path takes longer to load than
 * most calls to run. Windows takes the slash as well.
 */
export function pathIn(folder: string, name: string): string {
  return folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}

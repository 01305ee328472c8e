/**
 * The home folder, and the state folder of the XDG Base Directory Specification.
 * @module
 */
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";

/** The user's home folder; undefined if the environment does not name it. */
export function homeFolder(io: Io): string | undefined {
  return io.env("HOME") || io.env("USERPROFILE") || undefined;
}

/**
 * The folder for what `roomz` stores between runs: in XDG_STATE_HOME, by default ~/.local/state.
 * @throws {CommandError} Neither HOME nor XDG_STATE_HOME is set.
 */
export function stateFolder(io: Io): string {
  const state = io.env("XDG_STATE_HOME");
  // The specification says to ignore a relative path.
  if (state?.startsWith("/")) return pathIn(state, "roomz");
  const home = homeFolder(io);
  if (home !== undefined) return pathIn(home, ".local/state/roomz");
  throw new CommandError(
    "Neither HOME nor XDG_STATE_HOME is set, so there is nowhere to store sessions. Set one of them.",
    ExitCode.USAGE,
  );
}

/**
 * Joins a folder and a name. Every run needs this, and @std/path takes longer to load than most
 * commands take to run. Windows accepts the slash as well.
 */
export function pathIn(folder: string, name: string): string {
  return folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}

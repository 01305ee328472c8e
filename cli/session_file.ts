/**
 * Where the command keeps its sessions between runs.
 * @module
 */
import { join } from "@std/path";
import { CommandError, ExitCode } from "./exit_code.ts";
import type { Io } from "./io.ts";

/**
 * The Deno KV file of the sessions: in XDG_STATE_HOME, else in ~/.local/state.
 * @throws {CommandError} The environment names no home.
 */
export function sessionFile(io: Io): string {
  const state = io.env("XDG_STATE_HOME");
  // A relative path is to be ignored: XDG Base Directory Specification.
  if (state?.startsWith("/")) return join(state, "roomz", "sessions.kv");
  const home = io.env("HOME") || io.env("USERPROFILE");
  if (home) return join(home, ".local", "state", "roomz", "sessions.kv");
  throw new CommandError(
    "There is no place for the session: set HOME or XDG_STATE_HOME.",
    ExitCode.USAGE,
  );
}

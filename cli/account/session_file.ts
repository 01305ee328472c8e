/**
 * Where the command stores its sessions between runs.
 * @module
 */
import type { Io } from "../command_line/io.ts";
import { pathIn, stateFolder } from "../config/folders.ts";

/** The name of the file. */
export const SESSIONS_FILE = "sessions.kv";

/**
 * The Deno KV file of the sessions, in the state folder.
 * @throws {CommandError} Neither HOME nor XDG_STATE_HOME is set.
 */
export function sessionFile(io: Io): string {
  return pathIn(stateFolder(io), SESSIONS_FILE);
}

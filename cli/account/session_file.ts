/**
 * Where the command keeps its sessions between runs.
 * @module
 */
import type { Io } from "../command_line/io.ts";
import { pathIn, stateFolder } from "../config/folders.ts";

/**
 * The Deno KV file of the sessions, in the state folder.
 * @throws {CommandError} The environment names no home.
 */
export function sessionFile(io: Io): string {
  return pathIn(stateFolder(io), "sessions.kv");
}

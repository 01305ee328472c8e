/**
 * Where the command keeps its sessions between runs.
 * @module
 */
import { join } from "@std/path";
import { stateFolder } from "./folders.ts";
import type { Io } from "./io.ts";

/**
 * The Deno KV file of the sessions, in the state folder.
 * @throws {CommandError} The environment names no home.
 */
export function sessionFile(io: Io): string {
  return join(stateFolder(io), "sessions.kv");
}

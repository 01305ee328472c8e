/**
 * Deno KV files in the state folder, readable only by their owner.
 * @module
 */
import { createPrivateFile, openKvToRead, retryWhileLocked } from "../../client/auth/kv_file.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";

/**
 * Opens the file, and creates it first if needed: Deno KV would make it readable by everyone.
 * @throws {CommandError} Deno KV is not available.
 */
export async function openPrivateKv(path: string): Promise<Deno.Kv> {
  await createPrivateFile(path);
  return await openKv(path);
}

/**
 * Opens the file to read it, also in a read-only folder; undefined if it does not exist.
 * @throws {CommandError} Deno KV is not available.
 */
export async function openExistingKv(path: string): Promise<Deno.Kv | undefined> {
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return await openKv(path, openKvToRead);
}

/** The error for a file that cannot be read. `remedy` says what to do if it is damaged. */
export function unreadableKv(path: string, error: Error, remedy: string): CommandError {
  return new CommandError(
    `Could not read ${path}: ${error.message}. If it is damaged, ${remedy}`,
    ExitCode.FAILURE,
    { cause: error },
  );
}

function openKv(
  path: string,
  open: (path: string) => Promise<Deno.Kv> = Deno.openKv,
): Promise<Deno.Kv> {
  if (typeof Deno.openKv !== "function") {
    throw new CommandError(`${path} requires Deno KV. Add --unstable-kv after "deno run".`);
  }
  return retryWhileLocked(() => open(path));
}

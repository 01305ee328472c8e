/**
 * A Deno KV file that only its owner can read.
 * @module
 */
import { createPrivateFile, retryWhileLocked } from "../../client/auth/kv_file.ts";
import { CommandError } from "../command_line/exit_code.ts";

/**
 * Opens the file, and makes it first where there is none: Deno KV would make it readable for all.
 * @throws {CommandError} Deno runs without its database.
 */
export async function openPrivateKv(path: string): Promise<Deno.Kv> {
  await createPrivateFile(path);
  return await openKv(path);
}

/**
 * Opens the file; undefined where there is none.
 * @throws {CommandError} Deno runs without its database.
 */
export async function openExistingKv(path: string): Promise<Deno.Kv | undefined> {
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  return await openKv(path);
}

function openKv(path: string): Promise<Deno.Kv> {
  if (typeof Deno.openKv !== "function") {
    throw new CommandError(`${path} needs Deno's database: add --unstable-kv after "deno run".`);
  }
  return retryWhileLocked(() => Deno.openKv(path));
}

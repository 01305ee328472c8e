/**
 * A Deno KV file that only its owner can read.
 * @module
 */
import { dirname } from "@std/path";
import { CommandError } from "./exit_code.ts";

/** How often a locked file is tried, and the longest wait between two tries, milliseconds. */
const LOCK_TRIES = 200;
const LONGEST_LOCK_WAIT = 100;

/**
 * Opens the file, and makes it first where there is none: Deno KV would make it readable for all.
 * @throws {CommandError} Deno runs without its database.
 */
export async function openPrivateKv(path: string): Promise<Deno.Kv> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    (await Deno.open(path, { write: true, createNew: true, mode: 0o600 })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
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

/** Calls `operation`, again and again while another process has the file locked. */
export async function retryWhileLocked<T>(operation: () => Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await operation();
    } catch (error) {
      const locked = error instanceof Error && /database (table )?is locked/i.test(error.message);
      if (tries === LOCK_TRIES || !locked) throw error;
      const wait = Math.random() * Math.min(LONGEST_LOCK_WAIT, 2 ** tries);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function openKv(path: string): Promise<Deno.Kv> {
  if (typeof Deno.openKv !== "function") {
    throw new CommandError(`${path} needs Deno's database: add --unstable-kv after "deno run".`);
  }
  return retryWhileLocked(() => Deno.openKv(path));
}

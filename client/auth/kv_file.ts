/**
 * Deno KV files that only their owner may read, and that several processes share.
 * @module
 */
import { messageOf } from "../base/errors.ts";

/** How many times to try a locked file, and the longest delay between two attempts, milliseconds. */
const MAX_ATTEMPTS = 200;
const MAX_RETRY_DELAY = 100;

const LOCKED = /database (table )?is locked/i;

/** The files that SQLite keeps next to a database; it gives new ones the database's mode. */
const COMPANIONS = ["-wal", "-shm"];

/**
 * Creates the file (mode 0600) and its folder (mode 0700) if they do not exist: Deno KV would create
 * a file that everyone may read. Takes the rights of others to a file that exists away.
 * @throws {Error} Others can read the file, and its mode cannot be changed.
 */
export async function createPrivateFile(path: string): Promise<void> {
  const folder = path.replace(/[^/\\]*$/, "");
  if (folder !== "") await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    (await Deno.open(path, { write: true, createNew: true, mode: 0o600 })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    if (!await makePrivate(path)) {
      // A link whose target does not exist: Deno KV would create that, too.
      (await Deno.open(path, { write: true, create: true, mode: 0o600 })).close();
    }
    for (const companion of COMPANIONS) await makePrivate(path + companion);
  }
}

/** Takes the rights of others away. Returns false if there is no such file. */
async function makePrivate(path: string): Promise<boolean> {
  try {
    const { mode } = await Deno.stat(path);
    if (mode !== null && (mode & 0o077) !== 0) await Deno.chmod(path, mode & 0o700);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw new Error(
      `Others can read ${path}, and that cannot be changed (${messageOf(cause)}). ` +
        "Run chmod 600 as its owner, or choose another file.",
      { cause },
    );
  }
}

/**
 * Calls `operation`, and retries it while it fails with an error whose message matches `transient`:
 * another process has locked the file.
 */
export async function retryWhileLocked<T>(
  operation: () => Promise<T>,
  transient: RegExp = LOCKED,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await operation();
    } catch (error) {
      const isTransient = error instanceof Error && transient.test(error.message);
      if (attempt === MAX_ATTEMPTS || !isTransient) throw error;
      const delay = Math.random() * Math.min(MAX_RETRY_DELAY, 2 ** attempt);
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}

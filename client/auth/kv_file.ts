/**
 * Deno KV files that only their owner may read, and that several processes share.
 * @module
 */

/** How many times to try a locked file, and the longest delay between two attempts, milliseconds. */
const MAX_ATTEMPTS = 200;
const MAX_RETRY_DELAY = 100;

const LOCKED = /database (table )?is locked/i;

/**
 * Creates the file (mode 0600) and its folder (mode 0700) if they do not exist: Deno KV would create
 * a file that everyone may read.
 */
export async function createPrivateFile(path: string): Promise<void> {
  const folder = path.replace(/[^/\\]*$/, "");
  if (folder !== "") await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    (await Deno.open(path, { write: true, createNew: true, mode: 0o600 })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
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

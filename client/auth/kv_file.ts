/**
 * What a Deno KV file needs that is its owner's alone, and that several processes share.
 * @module
 */

/** How often a locked file is tried, and the longest wait between two tries, milliseconds. */
const LOCK_TRIES = 200;
const LONGEST_LOCK_WAIT = 100;

const LOCKED = /database (table )?is locked/i;

/**
 * Makes the file with its mode (0600) where there is none, and its folder (0700): Deno KV would make
 * it readable for all.
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
 * Calls `operation`, again and again while it fails with a message that `passing` matches: another
 * process has the file.
 */
export async function retryWhileLocked<T>(
  operation: () => Promise<T>,
  passing: RegExp = LOCKED,
): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await operation();
    } catch (error) {
      const passes = error instanceof Error && passing.test(error.message);
      if (tries === LOCK_TRIES || !passes) throw error;
      const wait = Math.random() * Math.min(LONGEST_LOCK_WAIT, 2 ** tries);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

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

/** SQLite's errors for a database whose folder it cannot write to: it needs one for its own files. */
const READ_ONLY = /readonly database|unable to open database file/i;

/** How often to copy a file that is being written. */
const MAX_COPIES = 5;

/**
 * Opens the file to read it. SQLite cannot read a database in a read-only folder: then it is a private
 * copy that is opened, in the folder for temporary files.
 */
export async function openKvToRead(path: string): Promise<Deno.Kv> {
  try {
    return await Deno.openKv(path);
  } catch (error) {
    if (!(error instanceof Error) || !READ_ONLY.test(error.message)) throw error;
    try {
      return await openCopy(path);
    } catch {
      throw error; // It cannot be read at all, or there is nowhere to copy it to.
    }
  }
}

async function openCopy(path: string): Promise<Deno.Kv> {
  const folder = await Deno.makeTempDir({ prefix: "roomz-" });
  try {
    const copy = `${folder}/copy.kv`;
    for (let copies = 1;; copies++) {
      const before = await versionOf(path);
      await Deno.copyFile(path, copy);
      await copyIfExists(`${path}-wal`, `${copy}-wal`);
      // Whoever owns the folder may write to the file in the meantime.
      if (copies === MAX_COPIES || before === await versionOf(path)) break;
    }
    // A copy of a read-only file is read-only.
    await Deno.chmod(copy, 0o600).catch(() => {});
    return await Deno.openKv(copy);
  } finally {
    // An open file stays readable without its name, except on Windows, where folders are not read-only.
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

async function versionOf(path: string): Promise<string> {
  const versions = await Promise.all([path, `${path}-wal`].map(async (file) => {
    try {
      const { size, mtime } = await Deno.stat(file);
      return `${size} ${mtime?.getTime()}`;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }));
  return versions.join();
}

async function copyIfExists(from: string, to: string): Promise<void> {
  try {
    await Deno.copyFile(from, to);
    await Deno.chmod(to, 0o600).catch(() => {});
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.remove(to).catch(() => {}); // Of an earlier copy.
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

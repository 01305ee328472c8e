/**
 * Stores sessions in a Deno KV file.
 * @module
 */
import { ConfigurationError } from "../base/errors.ts";
import { isJsonObject } from "../base/json.ts";
import { type ClientLogger, silentLogger } from "../base/logger.ts";
import { createPrivateFile, openKvToRead, retryWhileLocked } from "./kv_file.ts";
import type { Session, SessionCache } from "./session_cache.ts";

/** The options of `new KvSessionCache(path, options)`. */
export interface KvSessionCacheOptions {
  /** Where to report a damaged file. Default: nowhere. */
  readonly logger?: ClientLogger;
}

const KEY_PREFIX = ["roomz", "session"];

/** The messages of errors that occur while another process locks the file or moves it aside. */
const TRANSIENT = /database (table )?is locked|disk I\/O error/i;

/**
 * Stores sessions in a Deno KV file that only its owner may read (mode 0600, also behind a link and
 * for a file that exists; a new folder gets mode 0700). Several processes may share one file. A damaged file is moved aside; you have to log in
 * again.
 *
 * Needs Deno with `--unstable-kv`, `--allow-read` and `--allow-write` for the file's folder.
 *
 * @example Keep the session between runs
 * ```ts
 * import { AsyncClient, KvSessionCache } from "@roomz/roomz/client";
 *
 * const folder = await Deno.makeTempDir();
 * const sessionCache = new KvSessionCache(`${folder}/sessions.kv`);
 * const client = new AsyncClient("http://localhost:8000", "", { sessionCache });
 * await client.clearCachedSession();
 * ```
 */
export class KvSessionCache implements SessionCache {
  readonly #path: string;
  readonly #logger: ClientLogger;

  /**
   * The file at `path` is created when the first session is stored.
   * @throws {ConfigurationError} This runtime does not have Deno KV.
   */
  constructor(path: string, options: KvSessionCacheOptions = {}) {
    if (typeof Deno === "undefined") {
      throw new ConfigurationError(
        "KvSessionCache needs Deno. Pass a sessionCache of your own instead.",
      );
    }
    // Not `typeof Deno.openKv`: reading the property loads Deno KV, which may never be needed.
    if (!("openKv" in Deno)) {
      throw new ConfigurationError(
        "KvSessionCache needs Deno.openKv. Add --unstable-kv to the command, or " +
          '"unstable": ["kv"] to your deno.json.',
      );
    }
    this.#path = path;
    this.#logger = options.logger ?? silentLogger;
  }

  /** Returns the session for a server, or undefined. */
  async get(server: string): Promise<Session | undefined> {
    if (await this.#identity() === undefined) return undefined;
    try {
      return parseSession(await this.#use((kv) => kv.get([...KEY_PREFIX, server]), openKvToRead));
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#logger.warn(`The session cache ${this.#path} is damaged. Log in again.`);
      return undefined;
    }
  }

  /** Stores a session, replacing an earlier one. */
  async set(server: string, session: Session): Promise<void> {
    const write = (kv: Deno.Kv) => kv.set([...KEY_PREFIX, server], session);
    await createPrivateFile(this.#path);
    const file = await this.#identity();
    try {
      await this.#use(write);
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#moveAside(file);
      await this.#use(write);
    }
  }

  /** Deletes the session for a server. */
  async delete(server: string): Promise<void> {
    const file = await this.#identity();
    if (file === undefined) return;
    try {
      await this.#use((kv) => kv.delete([...KEY_PREFIX, server]));
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#moveAside(file);
      await ifExists(Deno.remove(this.#path));
    }
  }

  /** Opens the file for one operation, and retries while another process has locked it. */
  #use<T>(
    operation: (kv: Deno.Kv) => Promise<T>,
    open: (path: string) => Promise<Deno.Kv> = Deno.openKv,
  ): Promise<T> {
    return retryWhileLocked(() => withKv(this.#path, open, operation), TRANSIENT);
  }

  /** Identifies the file, as opposed to one that replaces it; undefined if there is none. */
  async #identity(): Promise<number | null | undefined> {
    try {
      return (await Deno.stat(this.#path)).ino;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** Moves a damaged file aside, unless another process has already replaced it. */
  async #moveAside(damaged: number | null | undefined): Promise<void> {
    if (await this.#identity() !== damaged) return;
    const aside = `${this.#path}.damaged`;
    this.#logger.warn(
      `The session cache ${this.#path} was damaged and has been moved to ${aside}.`,
    );
    await ifExists(Deno.copyFile(this.#path, aside));
    await ifExists(Deno.remove(`${this.#path}-wal`));
    await ifExists(Deno.remove(`${this.#path}-shm`));
    // Replaced atomically: without a file, another process would create one that everyone may read.
    const successor = `${this.#path}.${crypto.randomUUID()}`;
    await createPrivateFile(successor);
    await Deno.rename(successor, this.#path);
  }
}

/** Awaits an operation on a file that another process may have removed. */
async function ifExists(operation: Promise<void>): Promise<void> {
  try {
    await operation;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

// No `using`: Node 22 loads this module, although it does not use it, and has no such syntax.
async function withKv<T>(
  path: string,
  open: (path: string) => Promise<Deno.Kv>,
  operation: (kv: Deno.Kv) => Promise<T>,
): Promise<T> {
  await createPrivateFile(path);
  const kv = await open(path);
  try {
    return await operation(kv);
  } finally {
    kv.close();
  }
}

function parseSession(entry: Deno.KvEntryMaybe<unknown>): Session | undefined {
  if (!isJsonObject(entry.value) || typeof entry.value.jwt !== "string") return undefined;
  const { jwt, tokenHash } = entry.value;
  return typeof tokenHash === "string" ? { jwt, tokenHash } : { jwt };
}

/** Matches SQLite's errors for a file that is not a database, or is corrupt. */
function isDamage(error: unknown): boolean {
  return error instanceof Error &&
    /not a database|malformed|disk image|corrupt/i.test(error.message);
}

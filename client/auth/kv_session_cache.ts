/**
 * Sessions in a Deno KV file.
 * @module
 */
import { ConfigurationError } from "../base/errors.ts";
import { isJsonObject } from "../base/json.ts";
import { type ClientLogger, silentLogger } from "../base/logger.ts";
import { createPrivateFile, retryWhileLocked } from "./kv_file.ts";
import type { Session, SessionCache } from "./session_cache.ts";

/** What `new KvSessionCache(path, options)` takes. */
export interface KvSessionCacheOptions {
  /** Where a damaged file is told. Default: nowhere. */
  readonly logger?: ClientLogger;
}

const KEY_PREFIX = ["roomz", "session"];

/** Another process has the file locked, or is setting it aside. */
const PASSING = /database (table )?is locked|disk I\/O error/i;

/**
 * Sessions in a Deno KV file that only its owner may read (mode 0600; a folder that has to be made
 * is 0700). Several processes may share one file. A damaged file is set aside and costs a new login.
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
   * `path` is the file's; it is made when a session is first kept.
   * @throws {ConfigurationError} There is no Deno KV here.
   */
  constructor(path: string, options: KvSessionCacheOptions = {}) {
    if (typeof Deno === "undefined") {
      throw new ConfigurationError(
        "Sessions in a Deno KV file need Deno. Pass a sessionCache of your own instead.",
      );
    }
    // Not by its type: to read it loads Deno KV, which a client without a session never needs.
    if (!("openKv" in Deno)) {
      throw new ConfigurationError(
        "Sessions in a Deno KV file need Deno.openKv: add --unstable-kv to the command, or " +
          '"unstable": ["kv"] to your deno.json.',
      );
    }
    this.#path = path;
    this.#logger = options.logger ?? silentLogger;
  }

  /** The session for a server, or undefined. */
  async get(server: string): Promise<Session | undefined> {
    if (await this.#identity() === undefined) return undefined;
    try {
      return parseSession(await this.#use((kv) => kv.get([...KEY_PREFIX, server])));
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#logger.warn(`The session cache ${this.#path} is damaged: log in again.`);
      return undefined;
    }
  }

  /** Keeps a session in place of an earlier one. */
  async set(server: string, session: Session): Promise<void> {
    await createPrivateFile(this.#path);
    const write = (kv: Deno.Kv) => kv.set([...KEY_PREFIX, server], session);
    const file = await this.#identity();
    try {
      await this.#use(write);
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#setAside(file);
      await this.#use(write);
    }
  }

  /** Forgets a session. */
  async delete(server: string): Promise<void> {
    const file = await this.#identity();
    if (file === undefined) return;
    try {
      await this.#use((kv) => kv.delete([...KEY_PREFIX, server]));
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#setAside(file);
      await ifThere(Deno.remove(this.#path));
    }
  }

  /** Opens the file for one operation, and tries again while another process has it locked. */
  #use<T>(operation: (kv: Deno.Kv) => Promise<T>): Promise<T> {
    return retryWhileLocked(() => withKv(this.#path, operation), PASSING);
  }

  /** Tells the file from another one that takes its place; undefined where there is none. */
  async #identity(): Promise<number | null | undefined> {
    try {
      return (await Deno.lstat(this.#path)).ino;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** Another process may have found the damage as well: the good file that it made stays. */
  async #setAside(damaged: number | null | undefined): Promise<void> {
    if (await this.#identity() !== damaged) return;
    const aside = `${this.#path}.damaged`;
    this.#logger.warn(`The session cache ${this.#path} was damaged: it is now ${aside}.`);
    await ifThere(Deno.copyFile(this.#path, aside));
    await ifThere(Deno.remove(`${this.#path}-wal`));
    await ifThere(Deno.remove(`${this.#path}-shm`));
    // Replaced in one step: where there is none, another process would make one for all to read.
    const successor = `${this.#path}.${crypto.randomUUID()}`;
    await createPrivateFile(successor);
    await Deno.rename(successor, this.#path);
  }
}

/** Waits for an operation on a file that another process may have taken away. */
async function ifThere(operation: Promise<void>): Promise<void> {
  try {
    await operation;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

// No `using`: Node 22, where this module is loaded though not used, does not know the word.
async function withKv<T>(path: string, operation: (kv: Deno.Kv) => Promise<T>): Promise<T> {
  const kv = await Deno.openKv(path);
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

/** SQLite's words for a file that is no database, or one that was torn. */
function isDamage(error: unknown): boolean {
  return error instanceof Error &&
    /not a database|malformed|disk image|corrupt/i.test(error.message);
}

/**
 * Where a client keeps its session between runs: an interface of three methods, and a store in
 * memory.
 * @module
 */

/** A session, as a cache keeps it. It is a secret: whoever has it is the user. */
export interface Session {
  /** The session JWT that the server gave. */
  readonly jwt: string;
  /**
   * SHA-256, hexadecimal, of the magic-link token that the session came from. Such a token works
   * once; by its hash a program that is started again with the same token finds its session.
   */
  readonly tokenHash?: string;
}

/** A store of sessions, one for each server. Write your own for a keychain or a database. */
export interface SessionCache {
  /** The session for a server (its normalised URL), or undefined. */
  get(server: string): Promise<Session | undefined>;
  /** Keeps a session in place of an earlier one. */
  set(server: string, session: Session): Promise<void>;
  /** Forgets a session; does nothing where there is none. */
  delete(server: string): Promise<void>;
}

/**
 * Sessions in memory: they are gone when the process ends. Several clients may share one.
 *
 * @example Two clients, one login
 * ```ts
 * import { AsyncClient, MemorySessionCache } from "@roomz/roomz/client";
 *
 * const sessionCache = new MemorySessionCache();
 * const phone = new AsyncClient("http://localhost:8000", "", { sessionCache });
 * const laptop = new AsyncClient("http://localhost:8000", "", { sessionCache });
 * if (phone.connected || laptop.connected) throw new Error("nobody has connected yet");
 * ```
 */
export class MemorySessionCache implements SessionCache {
  readonly #sessions = new Map<string, Session>();

  /** The session for a server, or undefined. */
  get(server: string): Promise<Session | undefined> {
    return Promise.resolve(this.#sessions.get(server));
  }

  /** Keeps a session in place of an earlier one. */
  set(server: string, session: Session): Promise<void> {
    this.#sessions.set(server, session);
    return Promise.resolve();
  }

  /** Forgets a session. */
  delete(server: string): Promise<void> {
    this.#sessions.delete(server);
    return Promise.resolve();
  }
}

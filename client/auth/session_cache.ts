/**
 * The interface of a session cache, which keeps the session between runs, and one in memory.
 * @module
 */

/** A session, as a cache stores it. It is a secret: whoever has it can act as the user. */
export interface Session {
  /** The session JWT from the server. */
  readonly jwt: string;
  /**
   * The SHA-256, in hexadecimal, of the magic-link token that the session came from. Such a token
   * works once; a program that is restarted with the same token finds its session by this hash.
   */
  readonly tokenHash?: string;
}

/** A store for sessions, one per server. Write your own for a keychain or a database. */
export interface SessionCache {
  /** Returns the session for a server (its normalised URL), or undefined. */
  get(server: string): Promise<Session | undefined>;
  /** Stores a session, replacing an earlier one. */
  set(server: string, session: Session): Promise<void>;
  /** Deletes the session for a server; does nothing if there is none. */
  delete(server: string): Promise<void>;
}

/**
 * Stores sessions in memory, until the process ends. Several clients may share one cache.
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

  /** Returns the session for a server, or undefined. */
  get(server: string): Promise<Session | undefined> {
    return Promise.resolve(this.#sessions.get(server));
  }

  /** Stores a session, replacing an earlier one. */
  set(server: string, session: Session): Promise<void> {
    this.#sessions.set(server, session);
    return Promise.resolve();
  }

  /** Deletes the session for a server. */
  delete(server: string): Promise<void> {
    this.#sessions.delete(server);
    return Promise.resolve();
  }
}

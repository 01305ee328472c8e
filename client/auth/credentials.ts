/**
 * Which session a client connects with, and where it is remembered.
 * @module
 */
import { AuthenticationError, ClientError, messageOf } from "../base/errors.ts";
import type { Platform } from "../base/platform.ts";
import type { AuthApi } from "./auth_api.ts";
import type { Session, SessionCache } from "./session_cache.ts";
import { hashToken, isSessionJwt, sessionExpiry } from "./session_token.ts";

/** The sessions of one client on one server. */
export class Credentials {
  readonly #platform: Platform;
  readonly #api: AuthApi;
  readonly #server: string;
  readonly #cache: SessionCache | undefined;
  readonly #reportCacheFailure: (cause: unknown) => void;
  /** The constructor's token, until it was exchanged or replaced. */
  #initialToken: string;
  #session: Session | undefined;

  constructor(
    platform: Platform,
    api: AuthApi,
    server: string,
    cache: SessionCache | undefined,
    initialToken: string,
    reportCacheFailure: (cause: unknown) => void,
  ) {
    this.#platform = platform;
    this.#api = api;
    this.#server = server;
    this.#cache = cache;
    this.#initialToken = initialToken;
    this.#reportCacheFailure = reportCacheFailure;
  }

  /**
   * The session to connect with: from `token`, the constructor's token, memory or the cache, in this
   * order.
   * @throws {AuthenticationError} There is none, it has expired, or the token was refused.
   * @throws {ConnectionError} The server did not answer.
   * @throws {ClientError} The cache cannot be read.
   */
  async obtain(token: string, signal: AbortSignal): Promise<Session> {
    const given = token === "" ? this.#initialToken : token;
    const session = given === ""
      ? await this.#known()
      : isSessionJwt(given)
      ? { jwt: given }
      : await this.#exchange(given, signal);
    this.#requireUnexpired(session);
    return session;
  }

  /** Remembers a session that the server accepted, in memory and in the cache. */
  async remember(session: Session): Promise<void> {
    // From here on the session in memory stands for the constructor's token.
    this.#initialToken = "";
    if (this.#session?.jwt === session.jwt) return;
    this.#session = session;
    try {
      await this.#cache?.set(this.#server, session);
    } catch (cause) {
      // The session is good: a cache that cannot be written must not cost the connection.
      this.#reportCacheFailure(cause);
    }
  }

  async #known(): Promise<Session> {
    const session = this.#session ?? await this.#cached();
    if (session !== undefined) return session;
    throw new AuthenticationError(
      `Not logged in to ${this.#server}. Request a magic link with login(email), then pass the ` +
        "token of the link to connect(token).",
    );
  }

  /**
   * The session to reconnect with: the one in memory, which a newer login may have replaced.
   * @throws {AuthenticationError} It was cleared, or has expired.
   */
  current(): Session {
    if (this.#session === undefined) {
      throw new AuthenticationError(
        "The session was cleared: connect(token) with the token of a new magic link.",
      );
    }
    this.#requireUnexpired(this.#session);
    return this.#session;
  }

  /** Forgets the session, in memory and in the cache, and the constructor's token with it. */
  async clear(): Promise<void> {
    this.#session = undefined;
    this.#initialToken = "";
    await this.#cache?.delete(this.#server);
  }

  /** A magic-link token works once: one that was exchanged before is found by its hash. */
  async #exchange(token: string, signal: AbortSignal): Promise<Session> {
    if (token.includes("://")) {
      throw new AuthenticationError(
        "This is a magic link, not the token in it. Pass what follows token= in the link.",
      );
    }
    const tokenHash = await hashToken(token);
    // A cache that cannot be read must not cost a good token: the writing below tells of it.
    const cached = await this.#cached().catch(() => undefined);
    for (const session of [this.#session, cached]) {
      if (session?.tokenHash === tokenHash) return session;
    }
    const session = { jwt: await this.#api.verify(token, signal), tokenHash };
    // At once: the token is used up, and whatever fails from here on must not lose its session.
    await this.remember(session);
    return session;
  }

  async #cached(): Promise<Session | undefined> {
    let session: Session | undefined;
    try {
      session = await this.#cache?.get(this.#server);
    } catch (cause) {
      throw new ClientError(
        `The session cache cannot be read: ${messageOf(cause)}. Mend it, or connect with the ` +
          "token of a new magic link.",
        { cause },
      );
    }
    // What is no JWT must not get into a header: the error that follows would repeat it.
    return session !== undefined && isSessionJwt(session.jwt) ? session : undefined;
  }

  #requireUnexpired({ jwt }: Session): void {
    const expiry = sessionExpiry(jwt);
    if (expiry === undefined || expiry > this.#platform.now()) return;
    throw new AuthenticationError(
      `The session expired on ${new Date(expiry).toISOString()}. Request a magic link with ` +
        "login(email), then pass the token of the link to connect(token).",
    );
  }
}

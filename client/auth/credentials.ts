/**
 * Decides which session a client connects with, and remembers it.
 * @module
 */
import { AuthenticationError, ClientError, messageOf } from "../base/errors.ts";
import type { Operation } from "../base/operation.ts";
import type { Platform } from "../base/platform.ts";
import { type AuthApi, LOG_IN } from "./auth_api.ts";
import type { Session, SessionCache } from "./session_cache.ts";
import { hashToken, isRenewalOf, isSessionJwt, sessionExpiry } from "./session_token.ts";

/** What `new Credentials(…)` takes. */
export interface CredentialsParts {
  readonly platform: Platform;
  readonly api: AuthApi;
  /** The server's normalised URL. */
  readonly server: string;
  readonly cache: SessionCache | undefined;
  /** The constructor's token; "" if there is none. */
  readonly initialToken: string;
  /** Called when a session could not be written to the cache. */
  readonly onCacheFailure: (cause: unknown) => void;
}

/** The session of one client on one server. */
export class Credentials {
  readonly #platform: Platform;
  readonly #api: AuthApi;
  readonly #server: string;
  readonly #cache: SessionCache | undefined;
  readonly #onCacheFailure: (cause: unknown) => void;
  /** The constructor's token, until a session replaces it. */
  #initialToken: string;
  #session: Session | undefined;
  /** The session that the cache was last seen to have. */
  #inCache: string | undefined;

  constructor(parts: CredentialsParts) {
    this.#platform = parts.platform;
    this.#api = parts.api;
    this.#server = parts.server;
    this.#cache = parts.cache;
    this.#initialToken = parts.initialToken;
    this.#onCacheFailure = parts.onCacheFailure;
  }

  /**
   * Returns the session to connect with: from `token`, the constructor's token, memory or the cache,
   * in this order.
   * @throws {AuthenticationError} There is none, it has expired, or the token was refused.
   * @throws {ConnectionError} The server did not answer.
   * @throws {ClientError} The cache cannot be read.
   */
  async obtain(token: string, operation: Operation): Promise<Session> {
    const given = token === "" ? this.#initialToken : token;
    const session = given === ""
      ? await this.#known()
      : isSessionJwt(given)
      ? { jwt: given }
      : await this.#exchange(given, operation);
    this.#requireUnexpired(session);
    return session;
  }

  /**
   * Remembers a session that the server accepted, in memory and in the cache. The promise is for the
   * cache; undefined if it needs no change.
   */
  remember(session: Session): Promise<void> | undefined {
    // The session replaces the constructor's token.
    this.#initialToken = "";
    if (this.#session?.jwt === session.jwt) return undefined;
    this.#session = session;
    // Not again: the cache may be read-only, or a logout in another process may have emptied it.
    if (this.#cache === undefined || this.#inCache === session.jwt) return undefined;
    return this.#store(this.#cache, session);
  }

  async #store(cache: SessionCache, session: Session): Promise<void> {
    this.#inCache = undefined;
    try {
      await cache.set(this.#server, session);
      this.#inCache = session.jwt;
    } catch (cause) {
      // The session is valid: a cache that cannot be written must not prevent the connection.
      this.#onCacheFailure(cause);
    }
  }

  async #known(): Promise<Session> {
    const session = this.#session === undefined ? await this.#cached() : await this.#renewed();
    if (session !== undefined) return session;
    throw new AuthenticationError(`Not logged in to ${this.#server}.`, { advice: LOG_IN });
  }

  /**
   * Returns the session to reconnect with: the one in memory, or what a login of another process has
   * put into the cache since.
   * @throws {AuthenticationError} It was cleared, or has expired.
   */
  async current(): Promise<Session> {
    const session = await this.#renewed();
    if (session === undefined) {
      throw new AuthenticationError("The session was cleared.", { advice: LOG_IN });
    }
    this.#requireUnexpired(session);
    return session;
  }

  /**
   * When the session that the next connection would use expires, milliseconds since 1970; undefined if
   * there is none, or if it does not say.
   */
  async expiry(): Promise<number | undefined> {
    const session = this.#session === undefined
      ? await this.#cached().catch(() => undefined)
      : await this.#renewed();
    return session === undefined ? undefined : sessionExpiry(session.jwt);
  }

  /**
   * The session in memory. If the cache has one of the same account that lasts longer, that one takes
   * its place: a login elsewhere renews the session of a program that runs for months.
   */
  async #renewed(): Promise<Session | undefined> {
    if (this.#session === undefined || this.#cache === undefined) return this.#session;
    // A cache that cannot be read must not prevent a connection with a valid session.
    const cached = await this.#cached().catch(() => undefined);
    if (
      cached !== undefined && this.#session !== undefined &&
      isRenewalOf(cached.jwt, this.#session.jwt)
    ) this.#session = cached;
    return this.#session;
  }

  /** Forgets the session, in memory and in the cache, and the constructor's token with it. */
  async clear(): Promise<void> {
    this.#session = undefined;
    this.#inCache = undefined;
    this.#initialToken = "";
    await this.#cache?.delete(this.#server);
  }

  /** A magic-link token works once: the session of one that was already used is found by its hash. */
  async #exchange(token: string, operation: Operation): Promise<Session> {
    if (token.includes("://")) {
      throw new AuthenticationError("This is a magic link, not the token in it.", {
        advice: "Pass the part after token= in the link.",
      });
    }
    const tokenHash = await hashToken(token);
    // A cache that cannot be read must not waste a valid token; writing to it, below, reports it.
    const cached = await this.#cached().catch(() => undefined);
    for (const session of [this.#session, cached]) {
      if (session?.tokenHash === tokenHash) return session;
    }
    const session = { jwt: await this.#api.verify(token, operation.signal), tokenHash };
    // At once: the token is used up, so a later failure must not lose the session.
    await this.remember(session);
    const expiry = this.#pastExpiry(session);
    if (expiry === undefined) return session;
    throw new AuthenticationError(
      `The server has just issued a session that expires on ${
        isoDate(expiry)
      }, which is in the past by ` +
        `this machine's clock (${isoDate(this.#platform.now())}), so that clock is wrong.`,
      { advice: "Set it, preferably by network time. The session is kept: no new link is needed." },
    );
  }

  async #cached(): Promise<Session | undefined> {
    let session: Session | undefined;
    try {
      session = await this.#cache?.get(this.#server);
    } catch (cause) {
      throw new ClientError(
        `The session cache cannot be read: ${messageOf(cause)}. Fix it, or log in again.`,
        { cause },
      );
    }
    this.#inCache = session?.jwt;
    // Anything but a JWT must not get into a header: the resulting error would quote it.
    return session !== undefined && isSessionJwt(session.jwt) ? session : undefined;
  }

  #requireUnexpired(session: Session): void {
    const expiry = this.#pastExpiry(session);
    if (expiry === undefined) return;
    throw new AuthenticationError(
      `The session expired on ${isoDate(expiry)}; the clock of this machine says ` +
        `${isoDate(this.#platform.now())}.`,
      { advice: LOG_IN },
    );
  }

  /** When the session expired, if it has by this machine's clock. */
  #pastExpiry({ jwt }: Session): number | undefined {
    const expiry = sessionExpiry(jwt);
    return expiry !== undefined && expiry <= this.#platform.now() ? expiry : undefined;
  }
}

function isoDate(time: number): string {
  return new Date(time).toISOString();
}

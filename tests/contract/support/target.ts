/**
 * The interface of the servers that the contract suite tests.
 * @module
 */
import { SignJWT } from "jose";

/** Settings that differ from the service's. */
export interface StartOptions {
  readonly maxConnections?: number;
  /** Milliseconds. The real server announces whole seconds. */
  readonly pingInterval?: number;
  /** Milliseconds, as above. */
  readonly pingTimeout?: number;
}

/** A kind of server, which can be started several times. */
export interface Target {
  readonly name: string;
  start(options: StartOptions): Promise<TargetServer>;
}

/** A running server. */
export interface TargetServer {
  readonly url: string;
  /** The token of the newest magic link to this address. */
  magicLinkToken(email: string): Promise<string>;
  /** Cuts every connection off, as a network failure would. */
  dropConnections(): void | Promise<void>;
  stop(): Promise<void>;
}

/** Signs the sessions of every target, so that tests can create their own. */
export const JWT_SECRET = "the contract suite's secret, 32+ characters";

/** One address per test, because a channel belongs to one account. */
export const TEST_EMAILS: readonly string[] = Array.from(
  { length: 200 },
  (_, index) => `person-${index}@example.com`,
);

/** The account of another person. */
export const OTHER_EMAIL = "somebody-else@example.com";

/** The addresses that every target allows. */
export const ALLOWED_EMAILS: readonly string[] = [...TEST_EMAILS, OTHER_EMAIL];

/** An address that no target allows. */
export const REFUSED_EMAIL = "stranger@example.com";

/** Deviations from a valid session. */
export interface SessionClaims {
  readonly secret?: string;
  /** Milliseconds from now; negative for an expired session. */
  readonly expiresIn?: number;
}

/** Creates a session without a magic link. */
export function mintSession(
  email: string,
  { secret = JWT_SECRET, expiresIn = 3_600_000 }: SessionClaims = {},
): Promise<string> {
  const now = Date.now();
  return new SignJWT({
    sub: `user:${email}`,
    email,
    // Both servers refuse a session issued in the future, and their clocks may be slightly behind.
    iat: Math.floor(now / 1_000) - 1,
    exp: Math.floor((now + expiresIn) / 1_000),
    channel_token: "contract",
    ver: 1,
  }).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(new TextEncoder().encode(secret));
}

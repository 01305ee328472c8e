/**
 * What the contract suite needs of a server, so that the same assertions run on several.
 * @module
 */
import { SignJWT } from "jose";

/** What may differ from the service's own settings. */
export interface StartOptions {
  readonly maxConnections?: number;
  /** Milliseconds; the real server tells its clients whole seconds. */
  readonly pingInterval?: number;
  /** Milliseconds; as above. */
  readonly pingTimeout?: number;
}

/** A kind of server: it starts as often as one asks. */
export interface Target {
  readonly name: string;
  start(options: StartOptions): Promise<TargetServer>;
}

/** A server that runs. */
export interface TargetServer {
  readonly url: string;
  /** The token of the newest magic link that was sent to this address. */
  magicLinkToken(email: string): Promise<string>;
  /** Cuts every connection, as a failing network would. */
  dropConnections(): void | Promise<void>;
  stop(): Promise<void>;
}

/** Signs the sessions of every target, so that a test may make its own. */
export const JWT_SECRET = "the contract suite's secret, 32+ characters";

/** One address for each test: a channel belongs to one account. */
export const TEST_EMAILS: readonly string[] = Array.from(
  { length: 200 },
  (_, index) => `person-${index}@example.com`,
);

/** The account of somebody else. */
export const OTHER_EMAIL = "somebody-else@example.com";

/** The addresses that every target lets in. */
export const ALLOWED_EMAILS: readonly string[] = [...TEST_EMAILS, OTHER_EMAIL];

/** An address that no target lets in. */
export const REFUSED_EMAIL = "stranger@example.com";

/** What a test may change of a session that would be accepted. */
export interface SessionClaims {
  readonly secret?: string;
  /** Milliseconds from now; negative for a session that has expired. */
  readonly expiresIn?: number;
}

/** A session without a magic link. */
export function mintSession(
  email: string,
  { secret = JWT_SECRET, expiresIn = 3_600_000 }: SessionClaims = {},
): Promise<string> {
  const now = Date.now();
  return new SignJWT({
    sub: `user:${email}`,
    email,
    // Both servers refuse a session from the future, and their clocks may be a moment behind.
    iat: Math.floor(now / 1_000) - 1,
    exp: Math.floor((now + expiresIn) / 1_000),
    channel_token: "contract",
    ver: 1,
  }).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(new TextEncoder().encode(secret));
}

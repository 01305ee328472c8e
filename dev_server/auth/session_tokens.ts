/**
 * Creates and verifies session tokens, which are JSON Web Tokens.
 * @module
 */
import { base64url, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { Clock } from "../base/clock.ts";
import type { AllowList } from "./allow_list.ts";
import { normalizeEmail } from "./email_address.ts";

/** How long a session is valid: 30 days, milliseconds. */
export const SESSION_LIFETIME = 30 * 24 * 3_600_000;

// Raising it would revoke an account's tokens, but the real server never does that.
const VERSION = 1;

/** The account of a valid token. */
export interface Session {
  /** The `sub` claim: `user:{email}`. */
  readonly userId: string;
  readonly email: string;
  /** Seconds since 1970, as in the `iat` claim. */
  readonly issuedAt: number;
}

/** Signs and verifies session tokens with one secret. */
export class SessionTokens {
  readonly #key: Uint8Array;
  readonly #allowList: AllowList;
  readonly #clock: Clock;

  constructor(secret: string, allowList: AllowList, clock: Clock) {
    this.#key = new TextEncoder().encode(secret);
    this.#allowList = allowList;
    this.#clock = clock;
  }

  /** A token for this address that expires in `lifetime` milliseconds, truncated to the second. */
  mint(email: string, lifetime: number = SESSION_LIFETIME): Promise<string> {
    const normalized = normalizeEmail(email);
    const now = this.#clock();
    return new SignJWT({
      sub: `user:${normalized}`,
      email: normalized,
      iat: Math.floor(now / 1000),
      exp: Math.floor((now + lifetime) / 1000),
      channel_token: base64url.encode(crypto.getRandomValues(new Uint8Array(32))),
      ver: VERSION,
    }).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(this.#key);
  }

  /** The session of a token; undefined if it is invalid or expired, or its address is not allowed. */
  async verify(token: string): Promise<Session | undefined> {
    const now = this.#clock();
    const claims = await this.#verifiedClaims(token, now);
    const session = claims && parseClaims(claims, now);
    return session && this.#allowList.allows(session.email) ? session : undefined;
  }

  async #verifiedClaims(token: string, now: number): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ["HS256"],
        requiredClaims: ["exp", "iat", "email", "channel_token"],
        currentDate: new Date(now),
      });
      return payload;
    } catch {
      // The client gets the same answer, whatever is wrong with the token.
      return undefined;
    }
  }
}

/** Makes the checks that PyJWT and the real server make besides signature and expiry. */
function parseClaims(claims: JWTPayload, now: number): Session | undefined {
  const { email, iat, ver = VERSION, aud, channel_token } = claims;
  if (typeof email !== "string" || email === "" || ver !== VERSION) return undefined;
  if (iat === undefined || iat * 1000 > now || aud !== undefined || channel_token === null) {
    return undefined;
  }
  const { sub: userId = `user:${email}` }: Readonly<Record<string, unknown>> = claims;
  return typeof userId === "string" ? { userId, email, issuedAt: iat } : undefined;
}

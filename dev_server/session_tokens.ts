/**
 * Sessions: the JSON Web Tokens that the server hands out and checks.
 * @module
 */
import { base64url, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { AllowList } from "./allow_list.ts";
import type { Clock } from "./clock.ts";
import { normalizeEmail } from "./email_address.ts";

/** How long a session lasts, in milliseconds: 30 days. */
export const SESSION_LIFETIME = 30 * 24 * 3_600_000;

// The real server raises it to revoke an account's tokens, which nothing in it ever does.
const VERSION = 1;

/** Who a valid token belongs to. */
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

  /** A token for this address that expires in `lifetime` milliseconds, to the second. */
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

  /** Whose token this is; undefined when it is not valid, has expired, or its owner may not enter. */
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
      // Whatever is wrong with it, the answer to the client is the same.
      return undefined;
    }
  }
}

/** The checks that PyJWT and the real server add to signature and expiry. */
function parseClaims(claims: JWTPayload, now: number): Session | undefined {
  const { email, iat, ver = VERSION, aud, channel_token } = claims;
  if (typeof email !== "string" || email === "" || ver !== VERSION) return undefined;
  if (iat === undefined || iat * 1000 > now || aud !== undefined || channel_token === null) {
    return undefined;
  }
  const { sub: userId = `user:${email}` }: Readonly<Record<string, unknown>> = claims;
  return typeof userId === "string" ? { userId, email, issuedAt: iat } : undefined;
}

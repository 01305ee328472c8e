/**
 * Magic links. Each works once, within 15 minutes; an address gets at most five per hour.
 * @module
 */
import { base64url } from "jose";
import type { Clock } from "../base/clock.ts";

const LIFETIME = 15 * 60_000;
const LIMIT = 5;
const LIMIT_WINDOW = 60 * 60_000;

/** A magic link that the service would send by email. */
export interface MagicLink {
  /** The address that requested the link, in lower case. */
  readonly email: string;
  /** The token, which works once, within 15 minutes. Keep it secret until it is used. */
  readonly token: string;
  /** The link to this server: `http://127.0.0.1:8000/auth/verify?token=…`. */
  readonly url: string;
}

/** Issues and redeems the tokens of magic links. Addresses must be normalized. */
export class MagicLinks {
  readonly #clock: Clock;
  readonly #open = new Map<string, { readonly email: string; readonly expiresAt: number }>();
  readonly #requests = new Map<string, readonly number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The number of links and addresses in memory. */
  get remembered(): { readonly links: number; readonly addresses: number } {
    return { links: this.#open.size, addresses: this.#requests.size };
  }

  /** A new token for this address, or undefined if it has reached the limit. */
  issue(email: string): string | undefined {
    const now = this.#clock();
    this.#forgetExpired(now);
    const recent = (this.#requests.get(email) ?? []).filter((time) => now - time < LIMIT_WINDOW);
    if (recent.length >= LIMIT) return undefined;
    this.#requests.set(email, [...recent, now]);
    const token = base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
    this.#open.set(token, { email, expiresAt: now + LIFETIME });
    return token;
  }

  /** Uses up a token. @returns The address it was issued to, or undefined if it is invalid. */
  redeem(token: string): string | undefined {
    const link = this.#open.get(token);
    this.#open.delete(token);
    return link !== undefined && this.#clock() <= link.expiresAt ? link.email : undefined;
  }

  #forgetExpired(now: number): void {
    for (const [email, times] of this.#requests) {
      const newest = times.at(-1);
      if (newest === undefined || now - newest >= LIMIT_WINDOW) this.#requests.delete(email);
    }
    for (const [token, link] of this.#open) {
      if (now > link.expiresAt) this.#open.delete(token);
    }
  }
}

/**
 * The cookie that carries a session.
 * @module
 */
import { strip } from "./python_text.ts";
import { SESSION_LIFETIME } from "./session_tokens.ts";

/** The session token in a `Cookie` header, as the real server finds it: the first one counts. */
export function readSessionCookie(header: string | undefined): string | undefined {
  const name = "session_token=";
  const cookie = header?.split(";").map(strip).find((part) => part.startsWith(name));
  return cookie?.slice(name.length) || undefined;
}

/** The `Set-Cookie` header that hands a session out; `now` in milliseconds. */
export function sessionCookie(token: string, now: number): string {
  const expires = new Date(now + SESSION_LIFETIME).toUTCString();
  return `session_token=${token}; Expires=${expires}; Max-Age=${SESSION_LIFETIME / 1000}; ` +
    "HttpOnly; Path=/; SameSite=Strict";
}

/** The `Set-Cookie` header that takes it back. */
export const CLEARED_SESSION_COOKIE: string =
  "session_token=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/";

/**
 * The cookie that carries a session.
 * @module
 */
import { strip } from "../base/python_text.ts";
import { SESSION_LIFETIME } from "./session_tokens.ts";

/** The session token in a `Cookie` header: the first one, as on the real server. */
export function readSessionCookie(header: string | undefined): string | undefined {
  const name = "session_token=";
  const cookie = header?.split(";").map(strip).find((part) => part.startsWith(name));
  return cookie?.slice(name.length) || undefined;
}

/** The `Set-Cookie` header that sets the session; `now` in milliseconds since 1970. */
export function sessionCookie(token: string, now: number): string {
  const expires = new Date(now + SESSION_LIFETIME).toUTCString();
  return `session_token=${token}; Expires=${expires}; Max-Age=${SESSION_LIFETIME / 1000}; ` +
    "HttpOnly; Path=/; SameSite=Strict";
}

/** The `Set-Cookie` header that removes the session. */
export const CLEARED_SESSION_COOKIE: string =
  "session_token=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/";

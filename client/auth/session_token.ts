/**
 * What can be told from a session token without the server: its form, its expiry, its hash.
 * @module
 */
import { isJsonObject, parseJson } from "../base/json.ts";

/** Whether the token is a session JWT (three dot-separated parts) rather than a magic link's. */
export function isSessionJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** When the session ends, milliseconds since 1970; undefined where the JWT does not say. */
export function sessionExpiry(jwt: string): number | undefined {
  const payload = jwt.split(".")[1] ?? "";
  let text: string;
  try {
    text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined; // Not base64: the server is the one to judge.
  }
  const claims = parseJson(text);
  if (!isJsonObject(claims) || typeof claims.exp !== "number") return undefined;
  const expiry = claims.exp * 1_000;
  return Number.isNaN(new Date(expiry).getTime()) ? undefined : expiry; // Beyond any date.
}

/** SHA-256 of a token, hexadecimal: it recognises the token and does not reveal it. */
export async function hashToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

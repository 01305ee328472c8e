/**
 * What a token reveals without the server: whether it is a session JWT, its expiry, its hash.
 * @module
 */
import { isJsonObject, parseJson } from "../base/json.ts";

/** Whether a token is a session JWT (three dot-separated parts) rather than a magic-link token. */
export function isSessionJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** When the session expires, milliseconds since 1970; undefined if the JWT does not say. */
export function sessionExpiry(jwt: string): number | undefined {
  const payload = jwt.split(".")[1] ?? "";
  let text: string;
  try {
    text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined; // Not base64: left for the server to judge.
  }
  const claims = parseJson(text);
  if (!isJsonObject(claims) || typeof claims.exp !== "number") return undefined;
  const expiry = claims.exp * 1_000;
  return Number.isNaN(new Date(expiry).getTime()) ? undefined : expiry; // Outside the range of Date.
}

/** The SHA-256 of a token, in hexadecimal: it identifies the token without revealing it. */
export async function hashToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

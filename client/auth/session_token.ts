/**
 * What a token reveals without the server: whether it is a session JWT, its expiry, its hash.
 * @module
 */
import { isJsonObject, type JsonObject, parseJson } from "../base/json.ts";

/** Whether a token is a session JWT (three dot-separated parts) rather than a magic-link token. */
export function isSessionJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** When the session expires, milliseconds since 1970; undefined if the JWT does not say. */
export function sessionExpiry(jwt: string): number | undefined {
  const { exp } = claimsOf(jwt);
  if (typeof exp !== "number") return undefined;
  const expiry = exp * 1_000;
  return Number.isNaN(new Date(expiry).getTime()) ? undefined : expiry; // Outside the range of Date.
}

/** Whether `jwt` is a session of the same account that lasts longer than `other`. */
export function isRenewalOf(jwt: string, other: string): boolean {
  const { sub } = claimsOf(jwt);
  return typeof sub === "string" && sub === claimsOf(other).sub &&
    (sessionExpiry(jwt) ?? -Infinity) > (sessionExpiry(other) ?? Infinity);
}

/** Whose session it is, unverified: `User.id` and the email address; undefined if the JWT does not say. */
export function sessionUser(
  jwt: string,
): { readonly id: string; readonly email: string } | undefined {
  const { sub, email } = claimsOf(jwt);
  return typeof sub === "string" && typeof email === "string" ? { id: sub, email } : undefined;
}

/** What a JWT says, unverified; nothing if it cannot be read, which is left for the server to judge. */
function claimsOf(jwt: string): JsonObject {
  const payload = jwt.split(".")[1] ?? "";
  try {
    const claims = parseJson(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    return isJsonObject(claims) ? claims : {};
  } catch {
    return {}; // Not base64.
  }
}

/** The SHA-256 of a token, in hexadecimal: it identifies the token without revealing it. */
export async function hashToken(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

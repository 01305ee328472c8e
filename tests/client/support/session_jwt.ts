/**
 * Session JWTs like the server's.
 * @module
 */

/** Part of every signature made here: tests for leaks search for it. */
export const SIGNATURE = "SeCrEtSiGnAtUrE";

/** A session JWT with these claims; `mark` distinguishes it from others. */
export function sessionJwt(mark = "one", claims: Record<string, unknown> = {}): string {
  const payload = { sub: "user:me@example.com", email: "me@example.com", ver: 1, ...claims };
  return [
    base64Url(JSON.stringify({ alg: "HS256", typ: "JWT" })),
    base64Url(JSON.stringify(payload)),
    `${SIGNATURE}-${mark}`,
  ].join(".");
}

function base64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Session JWTs of the server's form.
 * @module
 */

/** In every signature made here: a test that looks for leaks looks for this. */
export const SIGNATURE = "SeCrEtSiGnAtUrE";

/** A session JWT with these claims; `mark` tells one from another. */
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

/**
 * Finds the token in what a user pastes to log in.
 * @module
 */

/**
 * The token in a pasted magic link (`https://…/auth/verify?token=T`), in the line that the server
 * prints for terminals (`/token T`), or on its own. Empty where there is no token.
 */
export function tokenOf(pasted: string): string {
  const text = pasted.trim().replace(/^.*\/token\s+/, "");
  const query = URL.parse(text)?.searchParams;
  return query?.get("token") ?? (/^[\w.~-]+$/.test(text) ? text : "");
}

/**
 * What a user pastes to log in.
 * @module
 */

/**
 * The token in a pasted magic link (`https://…/auth/verify?token=T`), in the line that a server
 * prints for terminals (`/token T`), or alone. Empty where there is none.
 */
export function tokenOf(pasted: string): string {
  const text = pasted.trim().replace(/^.*\/token\s+/, "");
  const query = URL.parse(text)?.searchParams;
  return query?.get("token") ?? (/^[\w.~-]+$/.test(text) ? text : "");
}

/**
 * The HTTP answers of a Roomz server, as they are measured on the real one.
 * @module
 */
import type { Route } from "./fake_platform.ts";

/** 200 with the account, as `/auth/me` answers for a good session. */
export const accountRoute: Route = (): Response =>
  Response.json({
    status: "ok",
    user: { email: "me@example.com", created_at: "2026-11-01T00:00:00Z" },
  });

/** A failure in the shape of RFC 9457. */
export function problemRoute(status: number, title: string, detail: string): Route {
  return () =>
    Response.json({ type: "about:blank", title, status, detail, instance: "/" }, { status });
}

/** 401, as `/auth/me` answers for a session that is no good. */
export const unauthorizedRoute: Route = problemRoute(401, "Unauthorized", "Not authenticated");

/** A redirect that sets a session's cookie, as `/auth/verify` answers for a good token. */
export function verifiedRoute(jwt: string): Route {
  return () =>
    redirect("/", [["Set-Cookie", `session_token=${jwt}; HttpOnly; Max-Age=2592000; Path=/`]]);
}

/** A redirect that says what is wrong, as `/auth/verify` answers for a bad token. */
export function notVerifiedRoute(error: string): Route {
  return () => redirect(`/?error=${error}`, []);
}

/** Never answers. */
export const silentRoute: Route = (): Promise<Response> => new Promise(() => {});

function redirect(location: string, headers: [string, string][]): Response {
  return new Response(null, { status: 302, headers: [["Location", location], ...headers] });
}

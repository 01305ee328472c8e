/**
 * The HTTP responses of a Roomz server, as recorded from the real one.
 * @module
 */
import type { Route } from "./fake_platform.ts";

/** 200 with the account: the response of `/auth/me` to a valid session. */
export const accountRoute: Route = (): Response =>
  Response.json({
    status: "ok",
    user: { email: "me@example.com", created_at: "2026-11-01T00:00:00Z" },
  });

/** A failure in the format of RFC 9457. */
export function problemRoute(status: number, title: string, detail: string): Route {
  return () =>
    Response.json({ type: "about:blank", title, status, detail, instance: "/" }, { status });
}

/** 401: the response of `/auth/me` to an invalid session. */
export const unauthorizedRoute: Route = problemRoute(401, "Unauthorized", "Not authenticated");

/** A redirect that sets a session cookie: the response of `/auth/verify` to a valid token. */
export function verifiedRoute(jwt: string): Route {
  return () =>
    redirect("/", [["Set-Cookie", `session_token=${jwt}; HttpOnly; Max-Age=2592000; Path=/`]]);
}

/** A redirect that says what is wrong: the response of `/auth/verify` to an invalid token. */
export function notVerifiedRoute(error: string): Route {
  return () => redirect(`/?error=${error}`, []);
}

/** Never answers. */
export const silentRoute: Route = (): Promise<Response> => new Promise(() => {});

function redirect(location: string, headers: [string, string][]): Response {
  return new Response(null, { status: 302, headers: [["Location", location], ...headers] });
}

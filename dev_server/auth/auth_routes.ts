/**
 * The routes that log users in and out.
 * @module
 */
import { type Clock, isoformat } from "../base/clock.ts";
import { isJsonObject } from "../base/json_value.ts";
import type { Route, RouteRequest } from "../http/http_routes.ts";
import { json, problem, redirect, type Reply } from "../http/reply.ts";
import type { AllowList } from "./allow_list.ts";
import { isValidEmail, normalizeEmail } from "./email_address.ts";
import type { MagicLink, MagicLinks } from "./magic_links.ts";
import { CLEARED_SESSION_COOKIE, readSessionCookie, sessionCookie } from "./session_cookie.ts";
import type { SessionTokens } from "./session_tokens.ts";

/** The parts of the server that the routes use. */
export interface AuthParts {
  readonly allowList: AllowList;
  readonly links: MagicLinks;
  readonly sessions: SessionTokens;
  readonly clock: Clock;
  /** The server's own address, which magic links point to. */
  readonly url: () => string;
  readonly onMagicLink: (link: MagicLink) => void | Promise<void>;
  readonly log: (text: string) => void;
}

/** The routes under `/auth/`, by path. */
export function authRoutes(parts: AuthParts): ReadonlyMap<string, Route> {
  return new Map<string, Route>([
    ["/auth/request-magic-link", {
      method: "POST",
      answer: (request) => requestMagicLink(request, parts),
    }],
    ["/auth/verify", { method: "GET", answer: (request) => verifyMagicLink(request, parts) }],
    ["/auth/me", { method: "GET", answer: (request) => currentUser(request, parts) }],
    ["/auth/logout", { method: "POST", answer: logout }],
  ]);
}

async function requestMagicLink(request: RouteRequest, parts: AuthParts): Promise<Reply> {
  const instance = "/auth/request-magic-link";
  const email = await requestedEmail(request);
  if (email === undefined) {
    const detail = "Failed to create magic link. Please try again.";
    return problem(500, "internal", "Internal Server Error", detail, instance);
  }
  if (!isValidEmail(email)) {
    const detail = "Invalid email format. Please enter a valid email address.";
    return problem(400, "validation", "Validation Error", detail, instance);
  }
  if (!parts.allowList.allows(email)) {
    const detail = "This email is not authorized to access this service.";
    return problem(403, "not-authorized", "Not Authorized", detail, instance);
  }
  const token = parts.links.issue(email);
  if (token === undefined) {
    const detail = "Too many requests. Please wait before requesting another magic link.";
    return problem(429, "rate-limit", "Rate Limit Exceeded", detail, instance);
  }
  try {
    const url = `${parts.url()}/auth/verify?token=${token}`;
    await parts.onMagicLink({ email, token, url });
  } catch (error) {
    parts.log(`onMagicLink failed for ${email}: ${error}`);
    const detail = "Failed to send magic link email. Please try again.";
    return problem(500, "email-failed", "Email Delivery Failed", detail, instance);
  }
  return json(200, { status: "ok", message: "Magic link sent. Check your email." });
}

/**
 * The normalized address in the body. Undefined for input that makes the real server fail with 500:
 * a content type other than JSON, invalid JSON, not an object, or an email that is not a string.
 */
async function requestedEmail({ headers, text }: RouteRequest): Promise<string | undefined> {
  const [type = ""] = (headers["content-type"] ?? "").toLowerCase().split(";");
  if (!/^application\/(.+\+)?json$/.test(type.trim())) return undefined;
  const body = parseJson(await text());
  if (!isJsonObject(body)) return undefined;
  const email = Object.hasOwn(body, "email") ? body.email : "";
  return typeof email === "string" ? normalizeEmail(email) : undefined;
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function verifyMagicLink({ query }: RouteRequest, parts: AuthParts): Promise<Reply> {
  const token = query.get("token");
  if (!token) return redirect("/?error=missing_token");
  const email = parts.links.redeem(token);
  if (email === undefined) return redirect("/?error=invalid_token");
  if (!parts.allowList.allows(email)) return redirect("/?error=unauthorized");
  const session = await parts.sessions.mint(email);
  return redirect("/", { "set-cookie": sessionCookie(session, parts.clock()) });
}

async function currentUser({ cookies }: RouteRequest, parts: AuthParts): Promise<Reply> {
  const token = readSessionCookie(cookies);
  if (token === undefined) return unauthorized("No session. Please authenticate.");
  const session = await parts.sessions.verify(token);
  if (session === undefined) {
    return unauthorized("Invalid or expired session. Please authenticate.");
  }
  const { email, issuedAt } = session;
  return json(200, { status: "ok", user: { email, created_at: isoformat(issuedAt * 1000) } });
}

function unauthorized(detail: string): Reply {
  return problem(401, "unauthorized", "Unauthorized", detail, "/auth/me");
}

function logout(): Reply {
  // A session is a signed token that cannot be revoked, so only the cookie is cleared.
  return json(200, { status: "ok" }, { "set-cookie": CLEARED_SESSION_COOKIE });
}

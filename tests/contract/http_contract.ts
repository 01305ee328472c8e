/**
 * Contract: the HTTP routes.
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeJwt } from "jose";
import type { ContractTest, Scene } from "./support/scene.ts";
import { REFUSED_EMAIL } from "./support/target.ts";

const THIRTY_DAYS = 30 * 24 * 3_600;

/** Sends a request without following redirects. */
function request(scene: Scene, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(scene.url + path, { redirect: "manual", ...init });
}

function post(scene: Scene, path: string, body: string, type = "application/json") {
  return request(scene, path, { method: "POST", headers: { "content-type": type }, body });
}

function requestLink(scene: Scene, email: unknown): Promise<Response> {
  return post(scene, "/auth/request-magic-link", JSON.stringify({ email }));
}

async function assertJson(response: Response, status: number, body: unknown): Promise<void> {
  assertEquals(await response.json(), body);
  assertEquals(response.status, status);
  assertEquals(response.headers.get("content-type"), "application/json");
}

/** An RFC 9457 problem. */
function problem(status: number, kind: string, title: string, detail: string, instance: string) {
  return { type: `https://roomz.local/errors/${kind}`, title, status, detail, instance };
}

/** The parts of a `Set-Cookie` header, whose order is not significant. */
function cookieParts(response: Response): string[] {
  const cookies = response.headers.getSetCookie();
  assertEquals(cookies.length, 1);
  return (cookies[0] ?? "").split("; ").toSorted();
}

export function httpContract(test: ContractTest): void {
  const linkRoute = "/auth/request-magic-link";
  const linkSent = { status: "ok", message: "Magic link sent. Check your email." };

  test("a link is sent to an allowed address, whatever its case and whitespace", async (scene) => {
    await assertJson(await requestLink(scene, scene.email), 200, linkSent);
    await assertJson(await requestLink(scene, ` ${scene.email.toUpperCase()}\n`), 200, linkSent);
    await scene.server.magicLinkToken(scene.email);
    await scene.server.magicLinkToken(scene.email);
  });

  test("an invalid address gets 400", async (scene) => {
    const detail = "Invalid email format. Please enter a valid email address.";
    const expected = problem(400, "validation", "Validation Error", detail, linkRoute);
    for (const email of ["", "nobody", "a b@example.com", "a@b", "@example.com", "a@b.c"]) {
      await assertJson(await requestLink(scene, email), 400, expected);
    }
    await assertJson(await post(scene, linkRoute, "{}"), 400, expected);
  });

  test("an address that is not allowed gets 403", async (scene) => {
    const detail = "This email is not authorized to access this service.";
    const expected = problem(403, "not-authorized", "Not Authorized", detail, linkRoute);
    await assertJson(await requestLink(scene, REFUSED_EMAIL), 403, expected);
  });

  test("the sixth link within an hour gets 429", async (scene) => {
    for (let i = 0; i < 5; i++) {
      await assertJson(await requestLink(scene, scene.email), 200, linkSent);
    }
    const detail = "Too many requests. Please wait before requesting another magic link.";
    const expected = problem(429, "rate-limit", "Rate Limit Exceeded", detail, linkRoute);
    await assertJson(await requestLink(scene, scene.email), 429, expected);
  });

  test("a body that is not an object with a string as email gets 500", async (scene) => {
    const detail = "Failed to create magic link. Please try again.";
    const expected = problem(500, "internal", "Internal Server Error", detail, linkRoute);
    for (const body of ["", "not json", "[]", "null", '"text"', '{"email":5}', '{"email":null}']) {
      await assertJson(await post(scene, linkRoute, body), 500, expected);
    }
    const form = await post(scene, linkRoute, '{"email":"a@b.co"}', "text/plain");
    await assertJson(form, 500, expected);
  });

  test("a link can be exchanged once for a session cookie of thirty days", async (scene) => {
    await requestLink(scene, scene.email).then((response) => response.body?.cancel());
    const token = await scene.server.magicLinkToken(scene.email);
    const path = `/auth/verify?token=${token}`;

    const first = await request(scene, path);
    await first.body?.cancel();
    assertEquals(first.status, 302);
    assertEquals(first.headers.get("location"), "/");
    const parts = cookieParts(first);
    const session = parts.find((part) => part.startsWith("session_token="))?.slice(14) ?? "";
    const expires = parts.find((part) => part.startsWith("Expires="))?.slice(8) ?? "";
    assert(Math.abs(Date.parse(expires) - Date.now() - THIRTY_DAYS * 1_000) < 60_000, expires);
    assertEquals(
      parts.filter((part) => !/^(session_token|Expires)=/.test(part)),
      ["HttpOnly", `Max-Age=${THIRTY_DAYS}`, "Path=/", "SameSite=Strict"],
    );

    const { sub, email, iat = 0, exp, channel_token, ver, ...others } = decodeJwt(session);
    assertEquals([sub, email, ver, others], [`user:${scene.email}`, scene.email, 1, {}]);
    assertEquals(exp, iat + THIRTY_DAYS);
    assertEquals(typeof channel_token, "string");

    const second = await request(scene, path);
    await second.body?.cancel();
    assertEquals(second.status, 302);
    assertEquals(second.headers.get("location"), "/?error=invalid_token");
    assertEquals(second.headers.getSetCookie(), []);
  });

  test("an invalid link redirects to an error and sets no cookie", async (scene) => {
    const errors = { "": "missing_token", "?token=": "missing_token", "?token=x": "invalid_token" };
    for (const [query, error] of Object.entries(errors)) {
      const response = await request(scene, `/auth/verify${query}`);
      await response.body?.cancel();
      assertEquals(response.status, 302);
      assertEquals(response.headers.get("location"), `/?error=${error}`);
      assertEquals(response.headers.getSetCookie(), []);
    }
  });

  test("/auth/me returns the email and the start of the session", async (scene) => {
    const session = await scene.session();
    const cookie = `other=1; session_token=${session}`;
    const { iat = 0 } = decodeJwt(session);
    const created_at = new Date(iat * 1_000).toISOString().replace(".000Z", "+00:00");
    await assertJson(await request(scene, "/auth/me", { headers: { cookie } }), 200, {
      status: "ok",
      user: { email: scene.email, created_at },
    });
  });

  test("/auth/me returns 401 without a valid session", async (scene) => {
    const refusal = (detail: string) =>
      problem(401, "unauthorized", "Unauthorized", detail, "/auth/me");
    const none = refusal("No session. Please authenticate.");
    await assertJson(await request(scene, "/auth/me"), 401, none);

    const bad = refusal("Invalid or expired session. Please authenticate.");
    const sessions = [
      "x",
      await scene.session({ secret: "another secret of 32 characters or more" }),
      await scene.session({ expiresIn: -60_000 }),
    ];
    for (const session of sessions) {
      const headers = { cookie: `session_token=${session}` };
      await assertJson(await request(scene, "/auth/me", { headers }), 401, bad);
    }
  });

  test("logging out clears the cookie", async (scene) => {
    const response = await request(scene, "/auth/logout", { method: "POST" });
    const parts = cookieParts(response);
    await assertJson(response, 200, { status: "ok" });
    const epoch = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    assertEquals(parts, [epoch, "Max-Age=0", "Path=/", "session_token="]);
  });

  test("an unknown path gets 404, a wrong method 405 with the allowed ones", async (scene) => {
    const unknown = await request(scene, "/auth/nothing");
    await unknown.body?.cancel();
    assertEquals(unknown.status, 404);
    const wrong = [
      { method: "GET", path: linkRoute, allowed: ["OPTIONS", "POST"] },
      { method: "POST", path: "/auth/me", allowed: ["GET", "HEAD", "OPTIONS"] },
    ];
    for (const { method, path, allowed } of wrong) {
      const response = await request(scene, path, { method });
      await response.body?.cancel();
      assertEquals(response.status, 405);
      assertEquals(response.headers.get("allow")?.split(", ").toSorted(), allowed);
    }
  });

  test("the page to which a link redirects exists", async (scene) => {
    const response = await request(scene, "/");
    await response.body?.cancel();
    assertEquals(response.status, 200);
    assertMatch(response.headers.get("content-type") ?? "", /^text\/html/);
  });
}

import { AuthenticationError, ConnectionError } from "@roomz/roomz/client";
import { assertEquals, assertNotMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { AuthApi } from "../../../client/auth/auth_api.ts";
import { FakePlatform, type Route } from "../support/fake_platform.ts";
import {
  accountRoute,
  notVerifiedRoute,
  problemRoute,
  silentRoute,
  unauthorizedRoute,
  verifiedRoute,
} from "../support/roomz_routes.ts";
import { sessionJwt } from "../support/session_jwt.ts";

const jwt = sessionJwt();
const never = new AbortController().signal;

function newApi(routes: Record<string, Route> = {}): {
  api: AuthApi;
  platform: FakePlatform;
} {
  const platform = new FakePlatform();
  for (const [name, route] of Object.entries(routes)) platform.routes.set(name, route);
  return { api: new AuthApi(platform, "http://roomz.test/chat"), platform };
}

const LINK = "POST /chat/auth/request-magic-link";
const VERIFY = "GET /chat/auth/verify";
const ME = "GET /chat/auth/me";

Deno.test("a magic link is requested with the address as JSON, under the server's path", async () => {
  const { api, platform } = newApi({ [LINK]: () => Response.json({ status: "ok" }) });
  await api.requestMagicLink("me@example.com", never);
  const [request] = platform.requests;
  assertEquals(request?.headers.get("Content-Type"), "application/json");
  assertEquals(await request?.json(), { email: "me@example.com" });
});

for (
  const [status, detail] of [
    [400, "Invalid email address"],
    [403, "Email not allowed"],
    [429, "Too many requests, try again in an hour"],
    [500, "The email could not be sent"],
  ] as const
) {
  Deno.test(`a login refused with ${status} reports the server's reason`, async () => {
    const { api } = newApi({ [LINK]: problemRoute(status, "Refused", detail) });
    const request = () => api.requestMagicLink("a@b", never);
    const error = await assertRejects(request, ConnectionError, detail);
    assertEquals(error.status, status);
  });
}

Deno.test("a valid magic-link token yields its session, and the redirect is not followed", async () => {
  const { api, platform } = newApi({ [VERIFY]: verifiedRoute(jwt) });
  assertEquals(await api.verify("tok en&1", never), jwt);
  const [request] = platform.requests;
  assertEquals(request?.redirect, "manual");
  assertEquals(new URL(request?.url ?? "").searchParams.get("token"), "tok en&1");
  assertEquals(platform.requests.length, 1);
});

for (
  const [error, words] of [
    ["invalid_token", "Request a new magic link with login(email)"],
    ["missing_token", "Request a new magic link with login(email)"],
    ["unauthorized", "no longer accepts this email address"],
    ["something_new", "Request a new magic link with login(email)"],
  ] as const
) {
  Deno.test(`a token answered with ${error} is an AuthenticationError`, async () => {
    const { api } = newApi({ [VERIFY]: notVerifiedRoute(error) });
    await assertRejects(() => api.verify("token", never), AuthenticationError, words);
  });
}

const strangers: readonly [name: string, route: Route][] = [
  ["plain 200", () => new Response("hello")],
  ["200 in JSON", () => Response.json({ hello: "world" })],
  ["404", () => new Response("not found", { status: 404 })],
  ["404 in JSON", () => Response.json({ error: "no such page" }, { status: 404 })],
  ["401 of a proxy", () => new Response("who are you?", { status: 401 })],
  ["502 of a proxy", () => new Response("<html>", { status: 502 })],
  ["a redirect to another site", () => Response.redirect("https://elsewhere.example/")],
  [
    "a cookie that is not a session",
    () => new Response(null, { status: 302, headers: { "Set-Cookie": "session_token=; Path=/" } }),
  ],
  ["a truncated body", () =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) }),
    )],
];

for (const [name, route] of strangers) {
  Deno.test(`every call reports a server that is not Roomz (${name})`, async () => {
    const { api } = newApi({ [LINK]: route, [VERIFY]: route, [ME]: route });
    for (
      const call of [
        () => api.requestMagicLink("me@example.com", never),
        () => api.verify("hunter2", never),
        () => api.me(jwt, never),
      ]
    ) {
      const { message } = await assertRejects(call, ConnectionError, "http://roomz.test/chat");
      assertNotMatch(message, /hunter2|SeCrEt/);
    }
  });
}

Deno.test("an unreachable server is reported with what to check, and without the token", async () => {
  const { api } = newApi();
  for (const call of [() => api.verify("hunter2", never), () => api.me(jwt, never)]) {
    const error = await assertRejects(call, ConnectionError, "Connection refused");
    assertNotMatch(Deno.inspect(error), /hunter2|SeCrEt/);
  }
});

Deno.test("a runtime error that quotes the token is reported without it", async () => {
  const { api } = newApi({
    [VERIFY]: ({ url }) => {
      throw new TypeError(`unexpected: ${url} and hunter+2/`);
    },
  });
  const error = await assertRejects(() => api.verify("hunter+2/", never), ConnectionError);
  assertNotMatch(Deno.inspect(error), /hunter/);
});

Deno.test("an account is parsed", async () => {
  const { api, platform } = newApi({ [ME]: accountRoute });
  assertEquals(await api.me(jwt, never), {
    email: "me@example.com",
    created_at: "2026-11-01T00:00:00Z",
  });
  assertEquals(platform.requests[0]?.headers.get("Cookie"), `session_token=${jwt}`);
});

Deno.test("an invalid session is an AuthenticationError", async () => {
  const { api } = newApi({ [ME]: unauthorizedRoute });
  await assertRejects(() => api.me(jwt, never), AuthenticationError, "login(email)");
});

Deno.test("an abort rejects the call with the signal's reason", async () => {
  const { api } = newApi({ [LINK]: silentRoute, [VERIFY]: silentRoute, [ME]: silentRoute });
  for (
    const call of [
      (signal: AbortSignal) => api.requestMagicLink("me@example.com", signal),
      (signal: AbortSignal) => api.verify("token", signal),
      (signal: AbortSignal) => api.me(jwt, signal),
    ]
  ) {
    const controller = new AbortController();
    const reason = new DOMException("enough", "AbortError");
    const outcome = call(controller.signal).then(() => undefined, (error: unknown) => error);
    controller.abort(reason);
    assertStrictEquals(await outcome, reason);
  }
});

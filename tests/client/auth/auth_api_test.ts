import { AuthenticationError, ConnectionError } from "@roomz/roomz/client";
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
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

const SERVER_URL = "http://roomz.test/chat";
const secretsInErrors = /hunter2|SeCrEt|%68unter2/;

/** Where a server may redirect to, and what the error says. `@` is the path of the request. */
const redirects: readonly [name: string, location: string, error: RegExp][] = [
  [
    "to https",
    "https://roomz.test/chat@",
    /to https:\/\/roomz\.test\/chat .*URL to https:\/\/roomz\.test\/chat\.$/,
  ],
  ["to another host", "https://new.example@", /URL to https:\/\/new\.example\.$/],
  [
    "to another port, with a prefix",
    "http://roomz.test:81/v2@",
    /URL to http:\/\/roomz\.test:81\/v2\.$/,
  ],
  ["without a scheme", "//www.roomz.test/chat@", /URL to http:\/\/www\.roomz\.test\/chat\.$/],
  ["to a path of its own", "/rooms@", /URL to http:\/\/roomz\.test\/rooms\.$/],
  [
    "to a sign-in page",
    "https://sso.example/login?from=hunter2#hunter2",
    /to https:\/\/sso\.example\/login \(.*proxy/,
  ],
  [
    "to a sign-in page that has an error",
    "https://sso.example/?error=invalid_token",
    /sso\.example.*proxy/,
  ],
  ["with the token in the path", "https://new.example/hunter2", /new\.example\/\[secret\] /],
  ["with a password", "https://a:hunter2@new.example/b", /to https:\/\/new\.example\/b /],
  ["to itself", "@", /to http:\/\/roomz\.test\/chat .*proxy/],
  ["to an address that is none", "http://[", /to an invalid address /],
  ["to another scheme", "ftp://new.example/b", /to ftp:\/\/new\.example\/b /],
];

for (const status of [301, 302, 303, 307, 308]) {
  for (const [name, target, words] of redirects) {
    Deno.test(`a redirect (${status}) is not followed, and the error names its target: ${name}`, async () => {
      const route: Route = ({ url }) => {
        const { pathname, search } = new URL(url);
        const path = pathname.replace("/chat", "") + search;
        const location = target === "@" ? pathname : target.replace(/@(?=$)/, path);
        return new Response("moved", { status, headers: { Location: location } });
      };
      const { api, platform } = newApi({ [LINK]: route, [VERIFY]: route, [ME]: route });
      for (
        const call of [
          () => api.requestMagicLink("me@example.com", never),
          () => api.verify("hunter2", never),
          () => api.me(jwt, never),
        ]
      ) {
        const before = platform.requests.length;
        const error = await assertRejects(call, ConnectionError, `${SERVER_URL} redirects to`);
        if (!name.includes("token in the path")) assertMatch(error.message, words);
        assertNotMatch(
          Deno.inspect(error),
          call.toString().includes("verify") ? secretsInErrors : /SeCrEt/,
        );
        assertEquals([error.status, platform.requests.length - before], [status, 1]);
      }
    });
  }
}

Deno.test("a redirect that quotes the token does not quote it in the error", async () => {
  const route: Route = () =>
    new Response(null, { status: 307, headers: { Location: "https://new.example/hunter2" } });
  const { api } = newApi({ [VERIFY]: route });
  const error = await assertRejects(() => api.verify("hunter2", never), ConnectionError);
  assertMatch(error.message, /new\.example\/\[secret\] /);
});

/** A body without an end; `pulls` counts its chunks. */
function endless(chunk: string, status = 200): { route: Route; pulls: () => number } {
  let count = 0;
  const bytes = new TextEncoder().encode(chunk);
  const route: Route = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          if (++count > 10_000) throw new Error("the client reads without an end");
          controller.enqueue(bytes);
        },
      }),
      { status, headers: { "Content-Type": "application/json" } },
    );
  return { route, pulls: () => count };
}

for (
  const [name, chunk, status] of [
    ["spaces", " ".repeat(1_024), 200],
    ["JSON that never ends", '{"a":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0', 200],
    ["large chunks", "x".repeat(1_000_000), 200],
    ["single characters", "é", 200],
    ["an error page", "<p>wrong".repeat(100), 502],
    ["a refusal", '{"title":"Unauthorized","detail":"', 401],
    ["a redirect", "moved ".repeat(100), 302],
  ] as const
) {
  Deno.test(`a body without an end is read for a few KB only: ${name}`, async () => {
    for (
      const call of [
        (api: AuthApi) => api.requestMagicLink("me@example.com", never),
        (api: AuthApi) => api.verify("hunter2", never),
        (api: AuthApi) => api.me(jwt, never),
      ]
    ) {
      const { route, pulls } = endless(chunk, status);
      const { api } = newApi({ [LINK]: route, [VERIFY]: route, [ME]: route });
      const error = await assertRejects(() => call(api), ConnectionError, SERVER_URL);
      assertEquals(error.status, status);
      assert(pulls() * new TextEncoder().encode(chunk).length <= 12_000 + chunk.length * 2);
    }
  });
}

Deno.test("a body of a few KB is read whole", async () => {
  const user = { email: "me@example.com", created_at: "2026-11-01T00:00:00Z" };
  const filler = "é".repeat(3_000);
  const { api } = newApi({ [ME]: () => Response.json({ filler, status: "ok", user }) });
  assertEquals(await api.me(jwt, never), user);
});

for (
  const [status, header, retryAfter] of [
    [429, "120", 120_000],
    [503, "0", 0],
    [502, "7", 7_000],
    [503, "Mon, 23 Nov 2026 10:00:30 GMT", 30_000],
    [429, "Mon, 23 Nov 2026 09:00:00 GMT", 0],
    [503, "soon", undefined],
    [503, undefined, undefined],
  ] as const
) {
  Deno.test(`the error of HTTP ${status} with Retry-After ${header} has retryAfter ${retryAfter}`, async () => {
    for (const body of ["<html>", JSON.stringify({ title: "No", detail: "Too many requests" })]) {
      const headers = header === undefined ? {} : { "Retry-After": header };
      const route: Route = () => new Response(body, { status, headers });
      const { api } = newApi({ [LINK]: route, [VERIFY]: route, [ME]: route });
      for (
        const call of [
          () => api.requestMagicLink("me@example.com", never),
          () => api.verify("hunter2", never),
          () => api.me(jwt, never),
        ]
      ) {
        const error = await assertRejects(call, ConnectionError);
        assertEquals([error.status, error.retryAfter], [status, retryAfter]);
      }
    }
  });
}

for (
  const reason of [
    "client error (Connect): tcp open error: Too many open files (os error 24)",
    "tcp connect error: Too many open files in system (os error 23)",
    "connect EMFILE 127.0.0.1:8000 - Local (undefined:undefined)",
    "socket ENFILE 127.0.0.1:8000",
    "No file descriptors available (os error 24)",
    "tcp open error: Too many open files",
  ]
) {
  Deno.test(`running out of file descriptors is named as that: ${reason}`, async () => {
    const { api } = newApi({
      [ME]: () => {
        throw new TypeError("fetch failed", { cause: new Error(reason) });
      },
    });
    const error = await assertRejects(() => api.me(jwt, never), ConnectionError);
    assertMatch(error.facts, /out of file descriptors/);
    assertMatch(error.advice ?? "", /ulimit -n/);
    assertNotMatch(error.message, /server is running/);
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

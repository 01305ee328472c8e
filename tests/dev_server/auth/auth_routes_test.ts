/**
 * Logging in and out over HTTP: all routes, errors and limits.
 * @module
 */
import { createDevServer, type DevServer, type MagicLink } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { leakChecked } from "../support/leak_checked.ts";

const ADA = "ada@example.com";
const START = Date.UTC(2026, 10, 22, 10, 0, 0);
const MINUTE = 60_000;

/** A server that records its magic links and has a manual clock. */
async function startServer(): Promise<
  AsyncDisposable & {
    readonly server: DevServer;
    readonly links: readonly MagicLink[];
    advance(milliseconds: number): void;
  }
> {
  const links: MagicLink[] = [];
  let now = START;
  const server = await createDevServer({
    port: 0,
    allowedEmails: [ADA, "bob@example.com"],
    onMagicLink: (link) => void links.push(link),
    clock: () => now,
  });
  return {
    server,
    links,
    advance: (milliseconds) => now += milliseconds,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function requestLink(
  server: DevServer,
  body: BodyInit | null,
  contentType = "application/json",
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${server.url}/auth/request-magic-link`, {
    method: "POST",
    headers: contentType === "" ? {} : { "content-type": contentType },
    body,
  });
  assertEquals(response.headers.get("content-type"), "application/json");
  return { status: response.status, body: await response.json() };
}

function requestLinkFor(server: DevServer, email: unknown): ReturnType<typeof requestLink> {
  return requestLink(server, JSON.stringify({ email }));
}

async function verify(
  server: DevServer,
  query: string,
): Promise<{ readonly location: string | null; readonly cookie: string | null }> {
  const response = await fetch(`${server.url}/auth/verify${query}`, { redirect: "manual" });
  await response.body?.cancel();
  assertEquals(response.status, 302);
  return {
    location: response.headers.get("location"),
    cookie: response.headers.get("set-cookie"),
  };
}

async function whoIs(server: DevServer, cookie: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.url}/auth/me`, { headers: { cookie } });
  return { http: response.status, ...await response.json() };
}

function problem(status: number, slug: string, title: string, detail: string): unknown {
  const instance = "/auth/request-magic-link";
  const body = { type: `https://roomz.local/errors/${slug}`, title, status, detail, instance };
  return { status, body };
}

const INVALID_EMAIL = problem(
  400,
  "validation",
  "Validation Error",
  "Invalid email format. Please enter a valid email address.",
);
const NOT_READABLE = problem(
  500,
  "internal",
  "Internal Server Error",
  "Failed to create magic link. Please try again.",
);
const TOO_MANY = problem(
  429,
  "rate-limit",
  "Rate Limit Exceeded",
  "Too many requests. Please wait before requesting another magic link.",
);

leakChecked("an allowed address gets a magic link, whatever its case and whitespace", async () => {
  await using started = await startServer();
  const { server, links } = started;
  const answer = await requestLinkFor(server, " ADA@Example.com\u0085");
  assertEquals(answer, {
    status: 200,
    body: { status: "ok", message: "Magic link sent. Check your email." },
  });
  const [link] = links;
  assert(link !== undefined);
  assertEquals(link.email, ADA);
  assertMatch(link.token, /^[\w-]{43}$/);
  assertEquals(link.url, `${server.url}/auth/verify?token=${link.token}`);
});

leakChecked("any JSON content type is accepted", async () => {
  await using started = await startServer();
  const body = JSON.stringify({ email: ADA });
  for (const type of ["application/json; charset=utf-8", "Application/vnd.api+JSON"]) {
    assertEquals((await requestLink(started.server, body, type)).status, 200, type);
  }
});

leakChecked("a body of 16 MiB, the limit of the service, is accepted", async () => {
  await using started = await startServer();
  const body = JSON.stringify({ email: ADA }).padEnd(16 * 1024 * 1024);
  assertEquals((await requestLink(started.server, body)).status, 200);
});

leakChecked("a malformed or missing address gets 400", async () => {
  await using started = await startServer();
  const malformed = [
    "",
    "ada",
    "ada@example",
    "ada@example.c",
    "a b@example.com",
    "adä@example.com",
    "ada@example.com@example.com",
    `${"a".repeat(65)}@example.com`,
    `ada@${"e".repeat(252)}.com`,
  ];
  for (const email of malformed) {
    assertEquals(await requestLinkFor(started.server, email), INVALID_EMAIL, email);
  }
  assertEquals(await requestLink(started.server, "{}"), INVALID_EMAIL);
  assertEquals(started.links, []);
});

leakChecked("an address that is not allowed gets 403", async () => {
  await using started = await startServer();
  const refused = problem(
    403,
    "not-authorized",
    "Not Authorized",
    "This email is not authorized to access this service.",
  );
  assertEquals(await requestLinkFor(started.server, "eve@example.com"), refused);
  assertEquals(started.links, []);
});

leakChecked("a body that is not a JSON object with a string as email gets 500", async () => {
  await using started = await startServer();
  const { server } = started;
  const valid = JSON.stringify({ email: ADA });
  const unreadable: readonly (readonly [body: BodyInit | null, contentType?: string])[] = [
    [null],
    [""],
    ["{bad"],
    ["[1]"],
    ['"ada@example.com"'],
    ["null"],
    ['{"email":null}'],
    ['{"email":1}'],
    ['{"email":["ada@example.com"]}'],
    [valid, "text/plain"],
    [valid, "application/x-www-form-urlencoded"],
    [valid, "application/jsonp"],
    [new TextEncoder().encode(valid), ""],
    [new Uint8Array([...new TextEncoder().encode('{"email":"'), 0xff, 0x22, 0x7d])],
    [valid + " ".repeat(16 * 1024 * 1024)],
  ];
  for (const [body, contentType] of unreadable) {
    const answer = await requestLink(server, body, contentType);
    assertEquals(answer, NOT_READABLE, `${contentType} ${body}`.slice(0, 80));
  }
  assertEquals(started.links, []);
});

leakChecked("each address gets five links per hour", async () => {
  await using started = await startServer();
  const { server, advance, links } = started;
  for (let i = 0; i < 5; i++) {
    assertEquals((await requestLinkFor(server, ADA)).status, 200);
    advance(MINUTE);
  }
  assertEquals(await requestLinkFor(server, " Ada@example.com"), TOO_MANY);
  assertEquals((await requestLinkFor(server, "bob@example.com")).status, 200);

  advance(55 * MINUTE - 1);
  assertEquals(await requestLinkFor(server, ADA), TOO_MANY);
  advance(1);
  assertEquals((await requestLinkFor(server, ADA)).status, 200);
  assertEquals(await requestLinkFor(server, ADA), TOO_MANY);
  assertEquals(links.length, 7);
});

leakChecked("refused addresses do not count against the limit", async () => {
  await using started = await startServer();
  for (let i = 0; i < 6; i++) {
    assertEquals((await requestLinkFor(started.server, "eve@example.com")).status, 403);
  }
  started.server.setAllowedEmails(["eve@example.com"]);
  assertEquals((await requestLinkFor(started.server, "eve@example.com")).status, 200);
});

leakChecked("a failing onMagicLink gets 500 and is logged", async () => {
  const log: string[] = [];
  for (
    const onMagicLink of [
      () => Promise.reject(new Error("the mail is down")),
      () => {
        throw new Error("the mail is down");
      },
    ]
  ) {
    await using server = await createDevServer({
      port: 0,
      allowedEmails: "*",
      onMagicLink,
      log: (text) => log.push(text),
    });
    const failed = problem(
      500,
      "email-failed",
      "Email Delivery Failed",
      "Failed to send magic link email. Please try again.",
    );
    assertEquals(await requestLinkFor(server, ADA), failed);
  }
  assertEquals(log, Array(2).fill(`onMagicLink failed for ${ADA}: Error: the mail is down`));
});

leakChecked("without onMagicLink, the link is printed in the format of the service", async () => {
  const log: string[] = [];
  await using server = await createDevServer({
    port: 0,
    allowedEmails: "*",
    log: (text) => log.push(text),
  });
  await requestLinkFor(server, ADA);
  const [text = ""] = log;
  const token = /^CLI: \/token ([\w-]{43})$/m.exec(text)?.[1];
  assert(token !== undefined);
  assertStringIncludes(text, `MAGIC LINK for ${ADA}\n`);
  assertStringIncludes(text, `URL: ${server.url}/auth/verify?token=${token}\n`);
  assertEquals((await verify(server, `?token=${token}`)).location, "/");
});

leakChecked("a link can be exchanged for a session cookie once", async () => {
  await using started = await startServer();
  const { server, links } = started;
  await requestLinkFor(server, ADA);
  const query = `?token=${links[0]?.token}`;

  const { location, cookie } = await verify(server, query);
  assertEquals(location, "/");
  assertMatch(
    cookie ?? "",
    /^session_token=[\w-]+\.[\w-]+\.[\w-]+; Expires=Tue, 22 Dec 2026 10:00:00 GMT; Max-Age=2592000; HttpOnly; Path=\/; SameSite=Strict$/,
  );
  const [session = ""] = (cookie ?? "").split(";");
  assertEquals(await whoIs(server, session), {
    http: 200,
    status: "ok",
    user: { email: ADA, created_at: "2026-11-22T10:00:00+00:00" },
  });
  assertEquals(await verify(server, query), { location: "/?error=invalid_token", cookie: null });
});

leakChecked("a link with a missing or invalid token redirects to an error", async () => {
  await using started = await startServer();
  const missing = { location: "/?error=missing_token", cookie: null };
  const invalid = { location: "/?error=invalid_token", cookie: null };
  assertEquals(await verify(started.server, ""), missing);
  assertEquals(await verify(started.server, "?token="), missing);
  assertEquals(await verify(started.server, "?token=wrong"), invalid);
});

leakChecked("a link is valid for fifteen minutes", async () => {
  await using started = await startServer();
  const { server, links, advance } = started;
  await requestLinkFor(server, ADA);
  await requestLinkFor(server, ADA);
  advance(15 * MINUTE);
  assertEquals((await verify(server, `?token=${links[0]?.token}`)).location, "/");
  advance(1);
  const late = await verify(server, `?token=${links[1]?.token}`);
  assertEquals(late, { location: "/?error=invalid_token", cookie: null });
});

leakChecked(
  "a link of an address that is no longer allowed redirects to an error and is used up",
  async () => {
    await using started = await startServer();
    const { server, links } = started;
    await requestLinkFor(server, ADA);
    const query = `?token=${links[0]?.token}`;
    server.setAllowedEmails([]);
    const refused = { location: "/?error=unauthorized", cookie: null };
    assertEquals(await verify(server, query), refused);
    server.setAllowedEmails([ADA]);
    assertEquals((await verify(server, query)).location, "/?error=invalid_token");
  },
);

leakChecked("a session is valid for thirty days", async () => {
  await using started = await startServer();
  const { server, advance } = started;
  const cookie = `session_token=${await server.mintSession(ADA)}`;
  advance(30 * 24 * 60 * MINUTE - 1);
  assertEquals((await whoIs(server, cookie)).http, 200);
  advance(1);
  assertEquals(await whoIs(server, cookie), {
    http: 401,
    type: "https://roomz.local/errors/unauthorized",
    title: "Unauthorized",
    status: 401,
    detail: "Invalid or expired session. Please authenticate.",
    instance: "/auth/me",
  });
});

leakChecked("a minted session can expire earlier, or be expired already", async () => {
  await using started = await startServer();
  const { server, advance } = started;
  const short = `session_token=${await server.mintSession(ADA, { expiresIn: MINUTE })}`;
  const over = `session_token=${await server.mintSession(ADA, { expiresIn: 0 })}`;
  assertEquals((await whoIs(server, short)).http, 200);
  assertEquals((await whoIs(server, over)).http, 401);
  advance(MINUTE);
  assertEquals((await whoIs(server, short)).http, 401);
});

leakChecked("without a valid session, /auth/me gets 401", async () => {
  await using started = await startServer();
  for (const cookie of ["", "other=1", "session_token=", "SESSION_TOKEN=x", "xsession_token=x"]) {
    assertEquals(await whoIs(started.server, cookie), {
      http: 401,
      type: "https://roomz.local/errors/unauthorized",
      title: "Unauthorized",
      status: 401,
      detail: "No session. Please authenticate.",
      instance: "/auth/me",
    });
  }
});

leakChecked("the first session cookie counts, wherever it is in the header", async () => {
  await using started = await startServer();
  const { server } = started;
  const session = `session_token=${await server.mintSession(ADA)}`;
  assertEquals((await whoIs(server, `theme=dark;  ${session} ; more=1`)).http, 200);
  assertEquals((await whoIs(server, `session_token=wrong; ${session}`)).http, 401);
});

leakChecked("logging out clears the cookie, with or without a session", async () => {
  await using started = await startServer();
  const response = await fetch(`${started.server.url}/auth/logout`, {
    method: "POST",
    body: "anything",
  });
  assertEquals(response.status, 200);
  assertEquals(await response.json(), { status: "ok" });
  assertEquals(
    response.headers.get("set-cookie"),
    "session_token=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
  );
});

leakChecked('anyone can log in if allowedEmails is "*"', async () => {
  await using server = await createDevServer({
    port: 0,
    allowedEmails: "*",
    onMagicLink: () => {},
  });
  assertEquals((await requestLinkFor(server, "whoever@example.org")).status, 200);
  assertEquals((await requestLinkFor(server, "nobody")).status, 400);
});

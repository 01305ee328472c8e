import {
  AuthenticationError,
  ClientError,
  MemorySessionCache,
  type Session,
  type SessionCache,
} from "@roomz/roomz/client";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AuthApi } from "../../../client/auth/auth_api.ts";
import { Credentials } from "../../../client/auth/credentials.ts";
import { hashToken } from "../../../client/auth/session_token.ts";
import { Operation } from "../../../client/base/operation.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { notVerifiedRoute, verifiedRoute } from "../support/roomz_routes.ts";
import { sessionJwt } from "../support/session_jwt.ts";

const SERVER = "http://roomz.test";
const never = new Operation();

function newCredentials(token = "", cache: SessionCache = new MemorySessionCache()) {
  const platform = new FakePlatform();
  const failures: unknown[] = [];
  const credentials = new Credentials({
    platform,
    api: new AuthApi(platform, SERVER),
    server: SERVER,
    cache,
    initialToken: token,
    onCacheFailure: (cause) => void failures.push(cause),
  });
  return { credentials, platform, cache, failures };
}

Deno.test("the argument takes precedence over the constructor's token, that over memory, and that over the cache", async () => {
  const { credentials, cache } = newCredentials(sessionJwt("constructor"));
  await cache.set(SERVER, { jwt: sessionJwt("cache") });
  const obtain = async (token: string) => (await credentials.obtain(token, never)).jwt;
  assertEquals(await obtain(sessionJwt("argument")), sessionJwt("argument"));
  assertEquals(await obtain(""), sessionJwt("constructor"));
  await credentials.remember({ jwt: sessionJwt("memory") });
  await cache.set(SERVER, { jwt: sessionJwt("cache") });
  assertEquals(await obtain(""), sessionJwt("memory"));
  await credentials.clear();
  await cache.set(SERVER, { jwt: sessionJwt("cache") });
  assertEquals(await obtain(""), sessionJwt("cache"));
  await cache.delete(SERVER);
  await assertRejects(() => obtain(""), AuthenticationError, "login(email)");
});

Deno.test("a whole link is refused before it is sent anywhere, and is not quoted", async () => {
  const { credentials, platform } = newCredentials();
  const link = `${SERVER}/auth/verify?token=s3cret`;
  const error = await assertRejects(() => credentials.obtain(link, never), AuthenticationError);
  assertStringIncludes(error.message, "Pass the part after token=");
  assertEquals([error.message.includes("s3cret"), platform.requests], [false, []]);
});

Deno.test("a magic-link token is exchanged once; later its session is found by the token's hash", async () => {
  const { credentials, platform, cache } = newCredentials("magic");
  platform.routes.set("GET /auth/verify", verifiedRoute(sessionJwt("fresh")));
  assertEquals((await credentials.obtain("", never)).jwt, sessionJwt("fresh"));
  assertEquals(await cache.get(SERVER), {
    jwt: sessionJwt("fresh"),
    tokenHash: await hashToken("magic"),
  });
  platform.routes.set("GET /auth/verify", notVerifiedRoute("invalid_token"));
  assertEquals((await credentials.obtain("magic", never)).jwt, sessionJwt("fresh"));

  const secondRun = newCredentials("magic", cache);
  assertEquals((await secondRun.credentials.obtain("", never)).jwt, sessionJwt("fresh"));
  assertEquals(secondRun.platform.requests, []);
});

Deno.test("a different magic-link token is exchanged even if there is a session", async () => {
  const { credentials, platform, cache } = newCredentials();
  await cache.set(SERVER, { jwt: sessionJwt("old"), tokenHash: await hashToken("old") });
  platform.routes.set("GET /auth/verify", verifiedRoute(sessionJwt("new")));
  assertEquals((await credentials.obtain("new", never)).jwt, sessionJwt("new"));
});

Deno.test("an expired session is refused without a request to the server", async () => {
  const { credentials, platform } = newCredentials();
  const now = platform.now() / 1_000;
  const expired = sessionJwt("old", { exp: now - 1 });
  const error = await assertRejects(
    () => credentials.obtain(expired, never),
    AuthenticationError,
    "expired on 2026-11-23T09:59:59.000Z; the clock of this machine says 2026-11-23T10:00:00.000Z",
  );
  assertStringIncludes(error.message, "login(email)");
  await credentials.obtain(sessionJwt("new", { exp: now + 1 }), never);
  assertEquals(platform.requests, []);
});

for (const hours of [1, 24, 24 * 40]) {
  Deno.test(`a clock that is ${hours} h ahead is named where a new session looks expired, which is kept`, async () => {
    const { credentials, platform } = newCredentials();
    const jwt = sessionJwt("new", { exp: platform.now() / 1_000 + 60 });
    platform.routes.set("GET /auth/verify", verifiedRoute(jwt));
    const right = platform.now();
    platform.clock.set(right + hours * 3_600_000);
    const wrong = new Date(platform.now()).toISOString();
    const error = await assertRejects(
      () => credentials.obtain("magic", never),
      AuthenticationError,
      "that clock is wrong",
    );
    assertStringIncludes(error.message, `by this machine's clock (${wrong})`);
    const later = await assertRejects(
      () => credentials.obtain("magic", never),
      AuthenticationError,
    );
    assertStringIncludes(later.message, `the clock of this machine says ${wrong}`);
    platform.clock.set(right);
    assertEquals((await credentials.obtain("", never)).jwt, jwt);
    assertEquals(platform.requests.length, 1);
  });
}

Deno.test("a session that has expired or was cleared is not used to reconnect", async () => {
  const { credentials, platform } = newCredentials();
  const jwt = sessionJwt("short", { exp: platform.now() / 1_000 + 60 });
  await credentials.remember({ jwt });
  assertEquals((await credentials.current()).jwt, jwt);
  await platform.advance(60_000);
  const current = () => credentials.current();
  await assertRejects(current, AuthenticationError, "expired");
  await credentials.clear();
  await assertRejects(current, AuthenticationError, "cleared");
});

Deno.test("a login in another process renews the session, for the next connection", async () => {
  const { credentials, platform, cache } = newCredentials();
  const expiry = (days: number) => platform.now() + days * 86_400_000;
  const session = (mark: string, days: number, claims = {}) =>
    sessionJwt(mark, { exp: expiry(days) / 1_000, ...claims });
  await credentials.remember({ jwt: session("old", 1) });
  assertEquals(await credentials.expiry(), expiry(1));

  await cache.set(SERVER, { jwt: session("other", 30, { sub: "user:ada@example.com" }) });
  assertEquals(await credentials.expiry(), expiry(1));
  await cache.set(SERVER, { jwt: session("new", 30) });
  assertEquals(await credentials.expiry(), expiry(30));
  assertEquals((await credentials.current()).jwt, session("new", 30));
  assertEquals((await credentials.obtain("", never)).jwt, session("new", 30));
});

Deno.test("a session is kept when the cache is empty or cannot be read", async () => {
  const { credentials, platform, cache } = newCredentials();
  const exp = platform.now() / 1_000 + 60;
  assertEquals(await credentials.expiry(), undefined);
  await credentials.remember({ jwt: sessionJwt("one", { exp }) });
  await cache.delete(SERVER);
  assertEquals((await credentials.current()).jwt, sessionJwt("one", { exp }));
  cache.get = () => Promise.reject(new Error("database is locked"));
  assertEquals((await credentials.current()).jwt, sessionJwt("one", { exp }));
  assertEquals(await credentials.expiry(), exp * 1_000);
});

Deno.test("clear() forgets the session in memory and in the cache, and the constructor's token", async () => {
  const { credentials, cache } = newCredentials(sessionJwt());
  await credentials.remember(await credentials.obtain("", never));
  await credentials.clear();
  assertEquals(await cache.get(SERVER), undefined);
  await assertRejects(() => credentials.obtain("", never), AuthenticationError);
  const unused = newCredentials(sessionJwt());
  await unused.credentials.clear();
  await assertRejects(() => unused.credentials.obtain("", never), AuthenticationError);
});

Deno.test("a session is written to the cache once, not on every connect", async () => {
  const writes: Session[] = [];
  const cache = new MemorySessionCache();
  const { credentials } = newCredentials("", {
    get: (server) => cache.get(server),
    set: (_, session) => Promise.resolve(void writes.push(session)),
    delete: (server) => cache.delete(server),
  });
  for (let i = 0; i < 3; i++) await credentials.remember({ jwt: sessionJwt() });
  assertEquals(writes.length, 1);
});

/** A cache whose methods all fail. */
const brokenCache: SessionCache = {
  get: () => Promise.reject(new Error("disk on fire")),
  set: () => Promise.reject(new Error("disk on fire")),
  delete: () => Promise.reject(new Error("disk on fire")),
};

Deno.test("a cache that cannot be written does not lose the session; the failure is reported once", async () => {
  const { credentials, platform, failures } = newCredentials("magic", brokenCache);
  platform.routes.set("GET /auth/verify", verifiedRoute(sessionJwt("fresh")));
  const session = await credentials.obtain("", never);
  await credentials.remember(session);
  assertEquals(session.jwt, sessionJwt("fresh"));
  assertEquals(failures.map(String), ["Error: disk on fire"]);
});

Deno.test("an unreadable cache is an error only if nothing else has a session", async () => {
  const { credentials } = newCredentials("", brokenCache);
  const error = await assertRejects(
    () => credentials.obtain("", never),
    ClientError,
    "The session cache cannot be read: disk on fire",
  );
  assertEquals(String(error.cause), "Error: disk on fire");
});

Deno.test("a cached value that is not a JWT is ignored, and never sent in a header", async () => {
  for (const jwt of ["", "a.b.c\n", "a.b.c; Path=/", "plain"]) {
    const { credentials, cache } = newCredentials();
    await cache.set(SERVER, { jwt });
    await assertRejects(() => credentials.obtain("", never), AuthenticationError, "Not logged in");
  }
});

Deno.test("the session of one server is not used for another", async () => {
  const { credentials, cache } = newCredentials();
  await cache.set("http://elsewhere.test", { jwt: sessionJwt() });
  await assertRejects(() => credentials.obtain("", never), AuthenticationError, SERVER);
});

Deno.test("a session from the cache is not written to it again; one that replaces it is", async () => {
  const cache = new MemorySessionCache();
  await cache.set(SERVER, { jwt: sessionJwt("one"), tokenHash: "hash" });
  const written: string[] = [];
  const recording: SessionCache = {
    get: (server) => cache.get(server),
    set(server, session) {
      written.push(session.jwt);
      return cache.set(server, session);
    },
    delete: (server) => cache.delete(server),
  };
  const { credentials } = newCredentials("", recording);
  await credentials.remember(await credentials.obtain("", never));
  assertEquals(written, []);
  for (const name of ["two", "one"]) await credentials.remember({ jwt: sessionJwt(name) });
  assertEquals(written, [sessionJwt("two"), sessionJwt("one")]);
  await credentials.clear();
  await credentials.remember({ jwt: sessionJwt("one") });
  assertEquals(written.length, 3);
});

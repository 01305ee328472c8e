/**
 * Where a client's session comes from, and how it is stored and forgotten.
 * @module
 */
import {
  type AsyncClient,
  AuthenticationError,
  ConnectionError,
  MemorySessionCache,
  type SessionCache,
} from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { hashToken } from "../../../client/auth/session_token.ts";
import { connectedClient, newClient, record, SERVER } from "../support/connected_client.ts";
import type { FakePlatform } from "../support/fake_platform.ts";
import {
  accountRoute,
  notVerifiedRoute,
  problemRoute,
  silentRoute,
  unauthorizedRoute,
  verifiedRoute,
} from "../support/roomz_routes.ts";
import { sessionJwt } from "../support/session_jwt.ts";

/** Connects, and returns the session that the handshake carried. */
async function connectedWith(
  { client, platform }: { client: AsyncClient; platform: FakePlatform },
  token?: string,
): Promise<string> {
  const connecting = client.connect(token);
  const socket = await platform.nextSocket();
  socket.accept();
  await connecting;
  return socket.cookie.replace("session_token=", "");
}

Deno.test("the session comes from the argument, the constructor, memory or the cache, in this order", async () => {
  const sessionCache = new MemorySessionCache();
  await sessionCache.set(SERVER, { jwt: sessionJwt("cache") });
  const cached = newClient({ sessionCache }, "");
  assertEquals(await connectedWith(cached), sessionJwt("cache"));

  const given = newClient({ sessionCache }, sessionJwt("constructor"));
  assertEquals(await connectedWith(given, sessionJwt("argument")), sessionJwt("argument"));

  const constructed = newClient({ sessionCache }, sessionJwt("constructor"));
  assertEquals(await connectedWith(constructed), sessionJwt("constructor"));

  await sessionCache.set(SERVER, { jwt: sessionJwt("cache") });
  await constructed.client.disconnect();
  assertEquals(await connectedWith(constructed), sessionJwt("constructor"), "from memory");
});

Deno.test("connect() after disconnect() needs no token", async () => {
  const { client, platform } = newClient({}, "magic");
  platform.routes.set("GET /auth/verify", verifiedRoute(sessionJwt()));
  await connectedWith({ client, platform });
  await client.disconnect();
  platform.routes.set("GET /auth/verify", notVerifiedRoute("invalid_token"));
  assertEquals(await connectedWith({ client, platform }), sessionJwt());
});

Deno.test("a program with a magic-link token in the constructor works on every run", async () => {
  const sessionCache = new MemorySessionCache();
  const firstRun = newClient({ sessionCache }, "magic");
  firstRun.platform.routes.set("GET /auth/verify", verifiedRoute(sessionJwt()));
  await connectedWith(firstRun);
  for (let run = 2; run < 4; run++) {
    const later = newClient({ sessionCache }, "magic");
    later.platform.routes.set("GET /auth/verify", notVerifiedRoute("invalid_token"));
    assertEquals(await connectedWith(later), sessionJwt());
    assertEquals(later.platform.requests.length, 0);
  }
});

Deno.test("the cache stores a token's hash, not the token", async () => {
  const sessionCache = new MemorySessionCache();
  const { client, platform } = newClient({ sessionCache }, "magic");
  platform.routes.set("GET /auth/verify", verifiedRoute(sessionJwt()));
  await connectedWith({ client, platform });
  const kept = await sessionCache.get(SERVER);
  assertEquals(kept, { jwt: sessionJwt(), tokenHash: await hashToken("magic") });
});

Deno.test("the session of an exchanged token is not lost if the connection then fails", async () => {
  const sessionCache = new MemorySessionCache();
  const { client, platform } = newClient({ sessionCache }, "magic");
  platform.routes.set("GET /auth/verify", verifiedRoute(sessionJwt()));
  const failing = client.connect();
  (await platform.nextSocket()).fail("refused");
  await assertRejects(() => failing, ConnectionError);
  assertEquals((await sessionCache.get(SERVER))?.jwt, sessionJwt());
  assertEquals(await connectedWith({ client, platform }), sessionJwt());
  assertEquals(platform.requestsTo("/auth/verify").length, 1);
});

Deno.test("a refused session is not written to the cache", async () => {
  const sessionCache = new MemorySessionCache();
  const { client, platform } = newClient({ sessionCache }, sessionJwt("bad"));
  platform.routes.set("GET /auth/me", unauthorizedRoute);
  const refused = client.connect();
  (await platform.nextSocket()).refuse();
  await assertRejects(() => refused, AuthenticationError);
  assertEquals(await sessionCache.get(SERVER), undefined);
});

Deno.test("one cache stores the sessions of several servers", async () => {
  const sessionCache = new MemorySessionCache();
  await sessionCache.set("http://other.test", { jwt: sessionJwt("other") });
  const { client } = newClient({ sessionCache }, "");
  await assertRejects(() => client.connect(), AuthenticationError);
});

Deno.test("clearCachedSession() forgets the session in the cache and in memory; an open connection stays open", async () => {
  const sessionCache = new MemorySessionCache();
  const { client, platform, socket } = await connectedClient({ sessionCache });
  await client.clearCachedSession();
  assertEquals([client.connected, socket.live], [true, true]);
  assertEquals(await sessionCache.get(SERVER), undefined);
  await client.disconnect();
  await assertRejects(() => client.connect(), AuthenticationError, "login(email)");
  assertEquals(platform.sockets.length, 1);
});

Deno.test("clearCachedSession() on a client that never connected forgets its token", async () => {
  const { client } = newClient();
  await client.clearCachedSession();
  await assertRejects(() => client.connect(), AuthenticationError);
});

Deno.test("logout() disconnects, and forgets the session in memory and in the cache", async () => {
  const sessionCache = new MemorySessionCache();
  const { client } = await connectedClient({ sessionCache });
  const disconnects = record(client, "disconnect");
  await client.logout();
  assertEquals([client.connected, disconnects.length], [false, 1]);
  assertEquals(await sessionCache.get(SERVER), undefined);
  await assertRejects(() => client.connect(), AuthenticationError);
});

Deno.test("disconnect() keeps the session for the next run", async () => {
  const sessionCache = new MemorySessionCache();
  const { client } = await connectedClient({ sessionCache });
  await client.disconnect();
  assertEquals((await sessionCache.get(SERVER))?.jwt, sessionJwt());
});

Deno.test("a cache that cannot be written does not prevent the connection: one error event with code 500", async () => {
  const sessionCache: SessionCache = {
    get: () => Promise.resolve(undefined),
    set: () => Promise.reject(new Error("read-only file system")),
    delete: () => Promise.resolve(),
  };
  const warnings: string[] = [];
  const logger = { debug() {}, info() {}, warn: (line: string) => void warnings.push(line) };
  const { client, platform } = newClient({ sessionCache, logger });
  const errors = record(client, "error");
  await connectedWith({ client, platform });
  assertEquals(errors.map(({ code }) => code), [500]);
  assertMatch(errors[0]?.error ?? "", /could not be saved \(read-only file system\)/);
  assertEquals(warnings.length, 1);
});

Deno.test("login() resolves to true, and does not connect", async () => {
  const { client, platform } = newClient({}, "");
  platform.routes.set("POST /auth/request-magic-link", () => Response.json({ status: "ok" }));
  assertEquals(await client.login("me@example.com"), true);
  assertEquals(await platform.requests[0]?.json(), { email: "me@example.com" });
  assertEquals([client.connectionState, platform.sockets.length], ["disconnected", 0]);
});

for (const status of [400, 403, 429, 500, 503]) {
  Deno.test(`a login refused with ${status} is a ConnectionError with the reason`, async () => {
    const { client, platform } = newClient({}, "");
    platform.routes.set(
      "POST /auth/request-magic-link",
      problemRoute(status, "No", "because of the weather"),
    );
    const login = () => client.login("me@example.com");
    await assertRejects(login, ConnectionError, "because of the weather");
  });
}

Deno.test("a login without an answer is a ConnectionError after connectionTimeout", async () => {
  const { client, platform } = newClient({ connectionTimeout: 3_000 }, "");
  await assertRejects(() => client.login("me@example.com"), ConnectionError, SERVER);
  platform.routes.set("POST /auth/request-magic-link", silentRoute);
  const login = client.login("me@example.com");
  login.catch(() => {});
  await platform.advance(3_000);
  await assertRejects(() => login, ConnectionError, "within 3000 ms");
  assertEquals(platform.clock.timers, 0);
});

Deno.test("whoami() asks the server, without being connected", async () => {
  const { client, platform } = newClient();
  platform.routes.set("GET /auth/me", accountRoute);
  assertEquals((await client.whoami()).email, "me@example.com");
  const [request] = platform.requests;
  assertEquals(request?.headers.get("Cookie"), `session_token=${sessionJwt()}`);
  assertEquals(platform.sockets.length, 0);
});

Deno.test("whoami() without a valid session is an AuthenticationError", async () => {
  const without = newClient({}, "");
  await assertRejects(() => without.client.whoami(), AuthenticationError, "login(email)");
  const { client, platform } = newClient();
  platform.routes.set("GET /auth/me", unauthorizedRoute);
  await assertRejects(() => client.whoami(), AuthenticationError);
});

Deno.test("a memory cache stores one session for each server, until it is deleted", async () => {
  const cache = new MemorySessionCache();
  assertEquals(await cache.get("a"), undefined);
  await cache.set("a", { jwt: "1" });
  await cache.set("a", { jwt: "2" });
  await cache.set("b", { jwt: "3" });
  assertEquals([await cache.get("a"), await cache.get("b")], [{ jwt: "2" }, { jwt: "3" }]);
  await cache.delete("a");
  await cache.delete("never there");
  assertEquals(await cache.get("a"), undefined);
  assert(await cache.get("b"));
});

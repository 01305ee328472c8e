/**
 * Reconnecting after a connection is lost.
 * @module
 */
import { AuthenticationError, ConnectionError, MemorySessionCache } from "@roomz/roomz/client";
import { assert, assertEquals, assertInstanceOf, assertMatch, assertRejects } from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { connectedClient, newClient, record, SERVER } from "../support/connected_client.ts";
import type { FakePlatform } from "../support/fake_platform.ts";
import type { FakeSocket } from "../support/fake_socket.ts";
import { accountRoute, silentRoute, unauthorizedRoute } from "../support/roomz_routes.ts";
import { sessionJwt } from "../support/session_jwt.ts";

/** The first five delays with the default option, with maximum jitter. */
const BOUNDS = [1_000, 2_000, 4_000, 8_000, 16_000];

/** Lets `count` reconnections fail, each after its longest possible delay. */
async function failReconnections(platform: FakePlatform, count: number): Promise<void> {
  platform.randoms = Array<number>(count).fill(1);
  const opened = platform.sockets.length;
  for (let i = 0; i < count; i++) {
    await platform.advance(Math.min(30_000, 1_000 * 2 ** i));
    assertEquals(platform.sockets.length, opened + i + 1);
    platform.sockets.at(-1)?.fail("connection refused");
    await settle();
  }
}

Deno.test("a lost connection is restored, with the authenticated event and the state changes", async () => {
  const { client, platform, socket } = await connectedClient();
  const states = record(client, "connection_state_changed");
  const disconnects = record(client, "disconnect");
  const authenticated = record(client, "authenticated");
  socket.drop(1006, "reset");
  assertEquals([client.connected, client.connectionState], [false, "reconnecting"]);
  assertEquals(client.user?.email, "me@example.com", "the user is kept while reconnecting");
  await platform.advance(500);
  platform.sockets[1]?.accept();
  await settle();
  assertEquals([client.connected, disconnects.length, authenticated.length], [true, 1, 1]);
  const reason = "Connection lost: the connection was closed (code 1006, reset).";
  assertEquals(states, [
    { state: "reconnecting", reason },
    { state: "reconnecting", reason, attempt: 1, retryIn: 500 },
    { state: "connected" },
  ]);
});

Deno.test("after its session has expired, a client reconnects with that of a later login in its cache", async () => {
  const sessionCache = new MemorySessionCache();
  const { client, platform } = await connectedClient({ sessionCache });
  const now = platform.now() / 1_000;
  const session = (mark: string, seconds: number) => sessionJwt(mark, { exp: now + seconds });
  const reconnected = client.connect(session("old", 30));
  const second = await platform.nextSocket();
  second.accept();
  await reconnected;
  assertEquals((await client.sessionExpiry())?.getTime(), (now + 30) * 1_000);

  await platform.advance(31_000);
  assertEquals(client.connected, true, "an open connection outlasts its session");
  await sessionCache.set(SERVER, { jwt: session("new", 3_600) });
  second.drop();
  await platform.advance(1_000);
  const third = await platform.nextSocket();
  assertEquals(third.cookie, `session_token=${session("new", 3_600)}`);
  await client.disconnect();
});

Deno.test("the state is reconnecting before the disconnect event", async () => {
  const { client, socket } = await connectedClient();
  const seen: string[] = [];
  client.on("connection_state_changed", ({ state }) => void seen.push(state));
  client.on("disconnect", () => void seen.push(`disconnect, ${client.connectionState}`));
  socket.drop();
  assertEquals(seen.slice(0, 2), ["reconnecting", "disconnect, reconnecting"]);
  await client.disconnect();
});

const losses: readonly [
  name: string,
  lose: (socket: {
    drop(code?: number): void;
    deliver(frame: string): void;
  }) => void,
][] = [
  ["a close with code 1000", (socket) => socket.drop(1000)],
  ["a close with code 1001", (socket) => socket.drop(1001)],
  ["a close with code 1006", (socket) => socket.drop(1006)],
  ["a close with code 1011", (socket) => socket.drop(1011)],
  ["a close with code 4000", (socket) => socket.drop(4000)],
  ["a disconnect packet, 41", (socket) => socket.deliver("41")],
  ["a close packet, 1", (socket) => socket.deliver("1")],
];

for (const [name, lose] of losses) {
  Deno.test(`${name} from the server leads to a reconnection`, async () => {
    const { client, platform, socket } = await connectedClient();
    lose(socket);
    await platform.advance(1_000);
    platform.sockets[1]?.accept();
    await settle();
    assertEquals([client.connected, platform.requests.length], [true, 0]);
  });
}

Deno.test("after close code 1008 the session is checked first: an invalid one ends the reconnection", async () => {
  const { client, platform, socket } = await connectedClient();
  const errors = record(client, "error");
  platform.routes.set("GET /auth/me", unauthorizedRoute);
  socket.drop(1008);
  await platform.advance(1e6);
  assertEquals([client.connectionState, platform.sockets.length], ["disconnected", 1]);
  assertEquals(errors.map(({ code }) => code), [401]);
  assertInstanceOf(errors[0]?.cause, AuthenticationError);
});

Deno.test("after close code 1008 the session is checked first: with a valid one the client reconnects", async () => {
  const { client, platform, socket } = await connectedClient();
  platform.routes.set("GET /auth/me", accountRoute);
  socket.drop(1008);
  (await platform.advanceToNextSocket()).fail("refused");
  (await platform.advanceToNextSocket()).accept();
  await settle();
  assertEquals([client.connected, platform.requestsTo("/auth/me").length], [true, 1], "once");
});

Deno.test("the delays grow with full jitter, and each is announced", async () => {
  const { client, platform, socket } = await connectedClient();
  const states = record(client, "connection_state_changed");
  platform.randoms = [0.5, 0, 0.999, 0.25, 0.1];
  socket.drop();
  for (let i = 0; i < 5; i++) {
    await platform.advance(16_000);
    platform.sockets.at(-1)?.fail("refused");
    await settle();
  }
  const waits = states.filter(({ attempt }) => attempt !== undefined);
  assertEquals(waits.map(({ attempt, retryIn }) => [attempt, retryIn]), [
    [1, 500],
    [2, 0],
    [3, 3_996],
    [4, 2_000],
    [5, 1_600],
  ]);
});

/** How the server asks to wait, and the delay of the next attempt; without it, 500 ms. */
const requestedDelays: readonly [
  name: string,
  fail: (socket: FakeSocket) => void,
  status: number,
  header: string,
  retryIn: number,
][] = [
  ["503 in seconds", (socket) => socket.refuse(), 503, "120", 120_000],
  ["429 in seconds", (socket) => socket.refuse(), 429, "20", 20_000],
  ["an HTTP date", (socket) => socket.refuse(), 503, "Mon, 23 Nov 2026 10:01:00 GMT", 59_500],
  [
    "a handshake refused with 503",
    (socket) => socket.fail("Invalid status code: 503"),
    503,
    "60",
    60_000,
  ],
  [
    "a handshake refused with 429",
    (socket) => socket.fail("Invalid status code: 429"),
    429,
    "60",
    60_000,
  ],
  ["a date in the past", (socket) => socket.refuse(), 503, "Mon, 23 Nov 2020 10:01:00 GMT", 1_000],
  ["shorter than the backoff", (socket) => socket.refuse(), 503, "0.1", 1_000],
  ["no valid value", (socket) => socket.refuse(), 503, "soon", 1_000],
  ["a year, which counts as an hour", (socket) => socket.refuse(), 503, "31536000", 3_600_000],
];
for (const [name, fail, status, header, retryIn] of requestedDelays) {
  Deno.test(`a reconnection heeds the server's Retry-After: ${name}`, async () => {
    const { client, platform, socket } = await connectedClient();
    platform.routes.set(
      "GET /auth/me",
      () => new Response("", { status, headers: { "Retry-After": header } }),
    );
    const states = record(client, "connection_state_changed");
    socket.drop();
    fail(await platform.advanceToNextSocket());
    await settle();
    assertEquals(states.map(({ retryIn }) => retryIn).at(-1), retryIn);
    await platform.advance(retryIn - 1);
    assertEquals(platform.sockets.length, 2);
    await platform.advance(1);
    assertEquals(platform.sockets.length, 3);
    await client.disconnect();
  });
}

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`a server that moved (${status}) while the client was connected is named`, async () => {
    const { client, platform, socket } = await connectedClient({ maxReconnectAttempts: 1 });
    platform.routes.set("GET /auth/me", ({ url }) => {
      const location = url.replace("http://roomz.test", "https://new.example");
      return new Response(null, { status, headers: { Location: location } });
    });
    const errors = record(client, "error");
    socket.drop();
    const next = await platform.advanceToNextSocket();
    next.fail(`failed to connect to WebSocket: Invalid status code: ${status}`);
    await settle();
    assertMatch(errors[0]?.error ?? "", /redirects to https:\/\/new\.example .*Set the server URL/);
  });
}

Deno.test("after the last attempt the client is disconnected, and emits an error with code 503", async () => {
  const { client, platform, socket } = await connectedClient();
  const seen: string[] = [];
  client.on("connection_state_changed", ({ state }) => void seen.push(state));
  client.on("error", ({ code }) => void seen.push(`error ${code} ${client.connectionState}`));
  const errors = record(client, "error");
  socket.drop();
  await failReconnections(platform, 5);
  assertEquals(seen.slice(-2), ["disconnected", "error 503 disconnected"]);
  assertEquals(errors.length, 1);
  assertMatch(errors[0]?.error ?? "", /Gave up reconnecting.*connection refused.*connect\(\)/);
  assertInstanceOf(errors[0]?.cause, ConnectionError);
  await platform.advance(1e6);
  assertEquals([platform.sockets.length, platform.clock.timers], [6, 0]);
  assertEquals(client.user, null);
});

Deno.test("after giving up, connect() works with the session in memory", async () => {
  const { client, platform, socket } = await connectedClient({ maxReconnectAttempts: 0 });
  const errors = record(client, "error");
  socket.drop();
  await settle();
  assertEquals([client.connectionState, errors[0]?.code], ["disconnected", 503]);
  const connecting = client.connect();
  (await platform.nextSocket()).accept();
  await connecting;
  assert(client.connected);
});

Deno.test("maxReconnectAttempts starts anew with each loss", async () => {
  const { client, platform, socket } = await connectedClient({ maxReconnectAttempts: 2 });
  let live = socket;
  for (let round = 0; round < 5; round++) {
    live.drop();
    (await platform.advanceToNextSocket()).fail("refused");
    live = await platform.advanceToNextSocket();
    live.accept();
    await settle();
    assert(client.connected);
  }
  await client.disconnect();
});

Deno.test("with Infinity attempts the client keeps trying, every 30 seconds at most", async () => {
  const { client, platform, socket } = await connectedClient({ maxReconnectAttempts: Infinity });
  socket.drop();
  await failReconnections(platform, 50);
  platform.randoms = [1];
  await platform.advance(30_000);
  platform.sockets.at(-1)?.accept();
  await settle();
  assert(client.connected);
});

Deno.test("without the option reconnect, a lost connection stays lost, and waitFor() rejects with the reason", async () => {
  const { client, platform, socket } = await connectedClient({ reconnect: false });
  const states = record(client, "connection_state_changed");
  const disconnects = record(client, "disconnect");
  const waiting = client.waitFor("message");
  socket.drop();
  await assertRejects(() => waiting, ConnectionError, "Call connect() to reconnect");
  await platform.advance(1e6);
  assertEquals(platform.sockets.length, 1);
  assertEquals(states.map(({ state }) => state), ["disconnected"]);
  assertEquals([disconnects.length, client.user], [1, null]);
});

Deno.test("a connection that lasted a minute resets the delays", async () => {
  const { client, platform, socket } = await connectedClient({ reconnectDelay: 1_000 });
  const states = record(client, "connection_state_changed");
  const bounds = () => states.flatMap(({ retryIn }) => retryIn ?? []);
  platform.randoms = Array<number>(20).fill(1);
  let live = socket;
  const reconnect = async (held: number) => {
    while (held > 0) {
      const step = Math.min(held, 20_000);
      await platform.advance(step);
      live.deliver("2");
      held -= step;
    }
    live.drop();
    live = await platform.advanceToNextSocket();
    live.accept();
    await settle();
  };
  for (let i = 0; i < 3; i++) await reconnect(59_000);
  assertEquals(bounds(), [1_000, 2_000, 4_000]);
  await reconnect(60_000);
  assertEquals(bounds(), [1_000, 2_000, 4_000, 1_000]);
  await client.disconnect();
});

Deno.test("a server that accepts connections and drops them at once is not hammered", async () => {
  const { client, platform, socket } = await connectedClient({ maxReconnectAttempts: 5 });
  const states = record(client, "connection_state_changed");
  platform.randoms = Array<number>(20).fill(1);
  let live = socket;
  for (let i = 0; i < 8; i++) {
    live.drop();
    live = await platform.advanceToNextSocket();
    live.accept();
    await settle();
  }
  assertEquals(states.flatMap(({ retryIn }) => retryIn ?? []), [
    ...BOUNDS,
    30_000,
    30_000,
    30_000,
  ]);
  await client.disconnect();
});

Deno.test("a reconnection refused because of the session is final: error 401", async () => {
  const { client, platform, socket } = await connectedClient();
  const errors = record(client, "error");
  const waiting = client.waitFor("message");
  waiting.catch(() => {});
  platform.routes.set("GET /auth/me", unauthorizedRoute);
  socket.drop();
  await platform.advance(1_000);
  platform.sockets[1]?.refuse();
  await platform.advance(1e6);
  assertEquals([client.connectionState, platform.sockets.length], ["disconnected", 2]);
  assertEquals(errors.map(({ code }) => code), [401]);
  assertInstanceOf(errors[0]?.cause, AuthenticationError);
  await assertRejects(() => waiting, AuthenticationError);
});

Deno.test("a reconnection refused with a valid session means a full server: it is retried", async () => {
  const { client, platform, socket } = await connectedClient();
  const states = record(client, "connection_state_changed");
  platform.routes.set("GET /auth/me", accountRoute);
  socket.drop();
  await platform.advance(1_000);
  platform.sockets[1]?.refuse();
  await platform.advance(2_000);
  platform.sockets[2]?.accept();
  await settle();
  assert(client.connected);
  assertMatch(states.findLast(({ attempt }) => attempt === 2)?.reason ?? "", /full/);
});

Deno.test("a session that expires while reconnecting ends the reconnection without a socket", async () => {
  const { client, platform } = newClient({}, "");
  const errors = record(client, "error");
  const jwt = sessionJwt("short", { exp: platform.now() / 1_000 + 10 });
  const connecting = client.connect(jwt);
  const socket = await platform.nextSocket();
  socket.accept();
  await connecting;
  await platform.advance(10_000);
  socket.drop();
  await platform.advance(1_000);
  assertEquals([errors[0]?.code, platform.sockets.length], [401, 1]);
  assertMatch(errors[0]?.error ?? "", /expired/);
});

Deno.test("a stalled reconnection fails after connectionTimeout", async () => {
  const { client, platform, socket } = await connectedClient({ connectionTimeout: 2_000 });
  const states = record(client, "connection_state_changed");
  platform.routes.set("GET /auth/me", silentRoute);
  socket.drop();
  await platform.advance(500);
  platform.sockets[1]?.openEngine();
  await platform.advance(2_000);
  assertEquals(platform.sockets[1]?.live, false);
  assertMatch(states.at(-1)?.reason ?? "", /within 2000 ms/);
  await platform.advance(1_000);
  platform.sockets[2]?.accept();
  await settle();
  assertEquals([client.connected, platform.mostLive], [true, 1]);
});

Deno.test("connect() while reconnecting connects at once, with one socket", async () => {
  for (const attemptUnderWay of [false, true]) {
    const { client, platform, socket } = await connectedClient();
    socket.drop();
    if (attemptUnderWay) await platform.advance(1_000);
    const opened = platform.sockets.length;
    const connecting = client.connect();
    await settle();
    assertEquals(platform.sockets.length, opened + 1);
    platform.sockets.at(-1)?.accept();
    await connecting;
    await platform.advance(20_000);
    assertEquals([client.connected, platform.sockets.length], [true, opened + 1]);
    assertEquals(platform.mostLive, 1);
  }
});

Deno.test("a session cleared while reconnecting ends the reconnection with error 401", async () => {
  const { client, platform, socket } = await connectedClient();
  const errors = record(client, "error");
  socket.drop();
  await client.clearCachedSession();
  await platform.advance(1_000);
  assertEquals([errors[0]?.code, platform.sockets.length], [401, 1]);
});

Deno.test("sending and naming while reconnecting fail, and the error says what to wait for", async () => {
  const { client, socket } = await connectedClient();
  socket.drop();
  await assertRejects(() => client.send("hi"), ConnectionError, '"authenticated"');
  await assertRejects(() => client.setDisplayName("x"), ConnectionError, '"authenticated"');
  await client.disconnect();
});

Deno.test('waitFor("error") gets the error when the client gives up', async () => {
  const { client, platform, socket } = await connectedClient({ maxReconnectAttempts: 1 });
  const error = client.waitFor("error");
  socket.drop();
  await failReconnections(platform, 1);
  assertEquals((await error).code, 503);
});

Deno.test('waitFor("authenticated") rejects with the reason when the client gives up', async () => {
  const { client, platform, socket } = await connectedClient({ maxReconnectAttempts: 1 });
  const authenticated = client.waitFor("authenticated");
  authenticated.catch(() => {});
  socket.drop();
  await failReconnections(platform, 1);
  await assertRejects(() => authenticated, ConnectionError, "connection refused");
});

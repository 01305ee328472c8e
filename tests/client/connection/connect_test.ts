/**
 * `connect()`: when it resolves, what it throws, and the states in between.
 * @module
 */
import {
  AsyncClient,
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  ConnectionState,
} from "@roomz/roomz/client";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { clientOn, connectedClient, newClient, record } from "../support/connected_client.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { AUTHENTICATED, type FakeSocket, USER } from "../support/fake_socket.ts";
import {
  accountRoute,
  notVerifiedRoute,
  unauthorizedRoute,
  verifiedRoute,
} from "../support/roomz_routes.ts";
import { sessionJwt } from "../support/session_jwt.ts";

Deno.test("a new client is disconnected, has no user, and knows its server", () => {
  const client = new AsyncClient("ws://Roomz.test/chat/", "", { displayName: "bot" });
  assertEquals(client.connected, false);
  assertEquals(client.user, null);
  assertEquals(client.connectionState, ConnectionState.DISCONNECTED);
  assertEquals(client.serverUrl, "http://roomz.test/chat");
  assertEquals(client.displayName, "bot");
  assertEquals(client.abandonedSockets, 0);
});

Deno.test("the states have the names of the reference client", () => {
  assertEquals(ConnectionState, {
    DISCONNECTED: "disconnected",
    CONNECTING: "connecting",
    CONNECTED: "connected",
    RECONNECTING: "reconnecting",
  });
});

Deno.test("the constructor refuses an invalid server URL", () => {
  assertThrows(() => new AsyncClient("localhost"), ConfigurationError, "http://localhost:8000");
});

Deno.test("connect() resolves when the session is accepted, and not before", async () => {
  const { client, platform } = newClient();
  let resolved = false;
  const connecting = client.connect().then(() => resolved = true);
  const socket = await platform.nextSocket();
  socket.openEngine();
  socket.emit("authenticated", AUTHENTICATED);
  await settle();
  assertEquals([resolved, client.connected, client.connectionState], [false, false, "connecting"]);
  socket.deliver('40{"sid":"s"}');
  await connecting;
  assertEquals([client.connected, client.connectionState], [true, "connected"]);
  assertEquals(client.user, USER);
});

Deno.test("the handshake goes to the server's Socket.IO endpoint, with the session's cookie", async () => {
  const platform = new FakePlatform();
  const client = clientOn(platform, sessionJwt(), {}, "https://roomz.test/chat/");
  const connecting = client.connect();
  const socket = await platform.nextSocket();
  assertEquals(socket.url, "wss://roomz.test/chat/socket.io/?EIO=4&transport=websocket");
  assertEquals(socket.cookie, `session_token=${sessionJwt()}`);
  socket.accept();
  await connecting;
});

Deno.test("the state changes precede authenticated, and connected is true by then", async () => {
  const { client, platform } = newClient();
  const seen: string[] = [];
  client.on("connection_state_changed", ({ state }) => void seen.push(state));
  client.on("authenticated", ({ user, channel, server_time }) => {
    assertEquals({ user, channel, server_time }, AUTHENTICATED);
    seen.push(`authenticated ${client.connected}`);
  });
  const connecting = client.connect();
  (await platform.nextSocket()).accept();
  await connecting;
  assertEquals(seen, ["connecting", "connected", "authenticated true"]);
});

Deno.test("connect() while connected does nothing", async () => {
  const { client, platform } = await connectedClient();
  const states = record(client, "connection_state_changed");
  await client.connect();
  assertEquals([platform.sockets.length, states.length], [1, 0]);
});

Deno.test("connect() without a session says how to log in, and makes no request", async () => {
  const { client, platform } = newClient({}, "");
  await assertRejects(() => client.connect(), AuthenticationError, "login(email)");
  assertEquals([platform.sockets.length, platform.requests.length], [0, 0]);
  assertEquals(client.connectionState, "disconnected");
});

Deno.test("an expired JWT is detected before connecting", async () => {
  const { client, platform } = newClient({}, sessionJwt("old", { exp: 1_700_000_000 }));
  await assertRejects(() => client.connect(), AuthenticationError, "expired on 2023-11-14");
  assertEquals([platform.sockets.length, platform.requests.length], [0, 0]);
});

Deno.test("a wrong magic-link token is an AuthenticationError at once, and opens no socket", async () => {
  const { client, platform } = newClient({}, "wrong");
  platform.routes.set("GET /auth/verify", notVerifiedRoute("invalid_token"));
  const error = await assertRejects(() => client.connect(), AuthenticationError);
  assertEquals(error.name, "AuthenticationError");
  assertEquals(platform.sockets.length, 0);
});

/** Plays a server that rejects the client; returns what connect() threw. */
async function refusedConnect(
  play: (socket: FakeSocket) => void,
  me = accountRoute,
): Promise<{ error: unknown; client: AsyncClient; platform: FakePlatform }> {
  const { client, platform } = newClient();
  platform.routes.set("GET /auth/me", me);
  const outcome = client.connect().then(() => undefined, (error: unknown) => error);
  play(await platform.nextSocket());
  const error = await outcome;
  // connect() itself is never retried: that is up to the caller.
  await platform.advance(1e6);
  assertEquals(platform.sockets.length, 1);
  assertEquals([client.connected, client.connectionState], [false, "disconnected"]);
  assertEquals(platform.clock.timers, 0);
  return { error, client, platform };
}

Deno.test("a refused session is an AuthenticationError, not wrapped in another error", async () => {
  const { error, platform } = await refusedConnect(
    (socket) => socket.refuse(),
    unauthorizedRoute,
  );
  assertInstanceOf(error, AuthenticationError);
  assertEquals(error.cause, undefined);
  const [request] = platform.requestsTo("/auth/me");
  assertEquals(request?.headers.get("Cookie"), `session_token=${sessionJwt()}`);
});

Deno.test("a full server is a ConnectionError that says so", async () => {
  const { error } = await refusedConnect((socket) => socket.refuse());
  assertInstanceOf(error, ConnectionError);
  assertMatch(error.message, /full.*Try again later/);
});

for (const frame of ["44", '44"no"', "44{}"]) {
  Deno.test(`a refusal written as ${frame} is recognised`, async () => {
    const { error } = await refusedConnect((socket) => {
      socket.openEngine();
      socket.deliver(frame);
    }, unauthorizedRoute);
    assertInstanceOf(error, AuthenticationError);
  });
}

Deno.test("a server that vanishes between the refusal and the question why is a ConnectionError", async () => {
  const { error } = await refusedConnect((socket) => socket.refuse(), () => {
    throw new TypeError("connection reset");
  });
  assertInstanceOf(error, ConnectionError);
  assertMatch(error.message, /connection reset/);
});

Deno.test("an unreachable server is a ConnectionError that names it", async () => {
  const { error } = await refusedConnect((socket) => socket.fail("connection refused"), () => {
    throw new TypeError("connection refused");
  });
  assertInstanceOf(error, ConnectionError);
  assertMatch(error.message, /http:\/\/roomz\.test/);
});

Deno.test("a server that is not Roomz is a ConnectionError that says so", async () => {
  for (
    const play of [
      (socket: FakeSocket) => socket.fail("Invalid status code: 200"),
      (socket: FakeSocket) => {
        socket.open();
        socket.deliver("<html>");
      },
    ]
  ) {
    const { error } = await refusedConnect(play, () => new Response("hello"));
    assertInstanceOf(error, ConnectionError);
    assertMatch(error.message, /not a Roomz server \(HTTP 200\)/);
  }
});

Deno.test("a proxy that blocks WebSockets is named in the error", async () => {
  const { error } = await refusedConnect((socket) => socket.fail("Invalid status code: 400"));
  assertInstanceOf(error, ConnectionError);
  assertMatch(error.message, /Invalid status code: 400.*proxy/);
});

for (
  const [step, play] of [
    ["before the open packet", (socket: FakeSocket) => {
      socket.open();
      socket.drop();
    }],
    ["before the connect packet", (socket: FakeSocket) => {
      socket.openEngine();
      socket.drop();
    }],
    ["after authenticated and before the connect packet", (socket: FakeSocket) => {
      socket.openEngine();
      socket.emit("authenticated", AUTHENTICATED);
      socket.drop(1000);
    }],
  ] as const
) {
  Deno.test(`a connection that closes ${step} is a ConnectionError`, async () => {
    const { error } = await refusedConnect(play);
    assertInstanceOf(error, ConnectionError);
  });
}

Deno.test("a socket that the runtime refuses to open is a ConnectionError with the cause", async () => {
  const { client, platform } = newClient();
  const cause = new Deno.errors.NotCapable("Requires net access");
  platform.socketError = cause;
  const error = await assertRejects(() => client.connect(), ConnectionError, "net access");
  assertStrictEquals(error.cause, cause);
  assertEquals(client.connectionState, "disconnected");
});

Deno.test("connect() with an aborted signal does nothing", async () => {
  const { client, platform } = newClient();
  const states = record(client, "connection_state_changed");
  await assertRejects(
    () => client.connect("", { signal: AbortSignal.abort(new Error("too late")) }),
    Error,
    "too late",
  );
  assertEquals([platform.sockets.length, states.length], [0, 0]);
});

for (const event of ["connection_state_changed", "authenticated"] as const) {
  Deno.test(`an abort by a handler of ${event}, once connected, leaves no connection`, async () => {
    const { client, platform } = newClient();
    const controller = new AbortController();
    const disconnects = record(client, "disconnect");
    client.on(event, () => {
      if (client.connected) controller.abort(new Error("changed my mind"));
    });
    const connecting = client.connect("", { signal: controller.signal });
    (await platform.nextSocket()).accept();
    await assertRejects(() => connecting, Error, "changed my mind");
    assertEquals([client.connected, client.connectionState], [false, "disconnected"]);
    assertEquals([client.user, disconnects.length], [null, 1]);
    await platform.advance(1e6);
    assertEquals(platform.sockets.map(({ live }) => live), [false]);
  });
}

Deno.test("a failed connect() gives its reason with the state, and can be retried", async () => {
  const { client, platform } = newClient();
  const states = record(client, "connection_state_changed");
  const failing = client.connect();
  (await platform.nextSocket()).fail("connection refused");
  const error = await assertRejects(() => failing, ConnectionError);
  assertEquals(states, [{ state: "connecting" }, { state: "disconnected", reason: error.facts }]);
  const again = client.connect();
  (await platform.nextSocket()).accept();
  await again;
  assert(client.connected);
});

Deno.test("a second connect() without a token joins the first, and can be aborted on its own", async () => {
  const { client, platform } = newClient();
  const controller = new AbortController();
  const first = client.connect();
  const second = client.connect();
  const third = client.connect("", { signal: controller.signal });
  const socket = await platform.nextSocket();
  controller.abort(new Error("not me"));
  await assertRejects(() => third, Error, "not me");
  socket.accept();
  await Promise.all([first, second]);
  assertEquals(platform.sockets.length, 1);
});

Deno.test("a connect() with a token supersedes the one in progress", async () => {
  const { client, platform } = newClient();
  const first = client.connect();
  const abandoned = await platform.nextSocket();
  const second = client.connect(sessionJwt("two"));
  await assertRejects(() => first, ConnectionError, "Superseded by a later connect()");
  const socket = await platform.nextSocket();
  assertEquals(abandoned.live, false);
  assertEquals(socket.cookie, `session_token=${sessionJwt("two")}`);
  socket.accept();
  await second;
  assertEquals([client.connected, platform.mostLive], [true, 1]);
});

Deno.test("a token given while connected replaces the session, with one disconnect event", async () => {
  const { client, platform, socket } = await connectedClient();
  const states = record(client, "connection_state_changed");
  const disconnects = record(client, "disconnect");
  platform.routes.set("GET /auth/verify", verifiedRoute(sessionJwt("two")));
  const connecting = client.connect("magic");
  const next = await platform.nextSocket();
  assertEquals(socket.live, false);
  next.accept();
  await connecting;
  assertEquals(states.map(({ state }) => state), ["connecting", "connected"]);
  assertEquals([disconnects.length, platform.mostLive], [1, 1]);
});

Deno.test("a connection lost while a new token is exchanged is not restored: the new session replaces it", async () => {
  const { client, platform, socket } = await connectedClient();
  const states = record(client, "connection_state_changed");
  const disconnects = record(client, "disconnect");
  const verified = Promise.withResolvers<Response>();
  platform.routes.set("GET /auth/verify", () => verified.promise);
  const connecting = client.connect("magic");
  await settle();
  socket.drop();
  await platform.advance(5_000);
  assertEquals([client.connectionState, platform.sockets.length], ["connecting", 1]);
  verified.resolve(await verifiedRoute(sessionJwt("two"))(new Request("http://roomz.test")));
  const next = await platform.nextSocket();
  assertEquals(next.cookie, `session_token=${sessionJwt("two")}`);
  next.accept();
  await connecting;
  assertEquals(states.map(({ state }) => state), ["connecting", "connected"]);
  assertEquals([disconnects.length, platform.sockets.length], [1, 2]);
});

Deno.test("an abort before the new session takes over leaves the old connection untouched", async () => {
  const { client, platform, socket } = await connectedClient();
  const states = record(client, "connection_state_changed");
  const controller = new AbortController();
  const connecting = client.connect(sessionJwt("two"), { signal: controller.signal });
  controller.abort(new Error("changed my mind"));
  await assertRejects(() => connecting, Error, "changed my mind");
  await settle();
  assertEquals([client.connected, socket.live, platform.sockets.length], [true, true, 1]);
  assertEquals([client.connectionState, states.length], ["connected", 0]);
});

Deno.test("a wrong token given while connected leaves the connection untouched", async () => {
  const { client, platform, socket } = await connectedClient();
  const states = record(client, "connection_state_changed");
  platform.routes.set("GET /auth/verify", notVerifiedRoute("invalid_token"));
  await assertRejects(() => client.connect("wrong"), AuthenticationError);
  assertEquals([client.connected, socket.live, states.length], [true, true, 0]);
  socket.drop();
  await platform.advance(1_000);
  assertEquals(platform.sockets[1]?.cookie, `session_token=${sessionJwt()}`);
  await client.disconnect();
});

/** Aborts like `AbortSignal.timeout`, when the test says so. */
function timeoutSignal(): { signal: AbortSignal; expire: () => void; reason: DOMException } {
  const controller = new AbortController();
  const reason = new DOMException("Signal timed out.", "TimeoutError");
  return { signal: controller.signal, expire: () => controller.abort(reason), reason };
}

/** Where a joined connect() is when the caller that started it aborts. */
const stages: readonly [
  name: string,
  token: string,
  reach: (platform: FakePlatform) => Promise<void>,
][] = [
  ["before anything happened", sessionJwt(), () => Promise.resolve()],
  ["while the magic-link token is exchanged", "magic", async (platform) => {
    while (platform.requests.length === 0) await settle();
  }],
  ["while the socket opens", sessionJwt(), async (platform) => void await platform.nextSocket()],
  ["after the open packet", sessionJwt(), async (platform) => {
    (await platform.nextSocket()).openEngine();
  }],
  ["after authenticated", sessionJwt(), async (platform) => {
    const socket = await platform.nextSocket();
    socket.openEngine();
    socket.emit("authenticated", AUTHENTICATED);
  }],
];

for (const [name, token, reach] of stages) {
  Deno.test(`an abort by the caller that started connect() leaves the joined caller waiting: ${name}`, async () => {
    const { client, platform } = newClient({}, token);
    const verified = Promise.withResolvers<Response>();
    platform.routes.set("GET /auth/verify", () => verified.promise);
    const { signal, expire, reason } = timeoutSignal();
    const first = client.connect("", { signal });
    const joined = client.connect();
    await reach(platform);
    expire();
    assertStrictEquals(await assertRejects(() => first, DOMException), reason);
    assertEquals(client.connectionState, "connecting");
    verified.resolve(await verifiedRoute(sessionJwt())(new Request("http://roomz.test")));
    const socket = platform.sockets[0] ?? await platform.nextSocket();
    if (socket.sent.length === 0) socket.accept();
    else {
      socket.emit("authenticated", AUTHENTICATED);
      socket.deliver('40{"sid":"s"}');
    }
    await joined;
    assertEquals([client.connected, platform.sockets.length], [true, 1]);
    await client.disconnect();
  });
}

Deno.test("the last of several callers of connect() gets the connection; each aborted one its own reason", async () => {
  const { client, platform } = newClient();
  const signals = [timeoutSignal(), timeoutSignal(), timeoutSignal()];
  const aborted = signals.map(({ signal }) => client.connect("", { signal }));
  const last = client.connect();
  const socket = await platform.nextSocket();
  for (const { expire } of signals) expire();
  const late = client.connect();
  for (const [i, connecting] of aborted.entries()) {
    assertStrictEquals(await assertRejects(() => connecting, DOMException), signals[i]?.reason);
  }
  socket.accept();
  await Promise.all([last, late]);
  assertEquals([client.connected, platform.sockets.length], [true, 1]);
});

Deno.test("connect() ends when every caller has aborted, and can be called again at once", async () => {
  const { client, platform } = newClient();
  const one = timeoutSignal();
  const two = timeoutSignal();
  const first = client.connect("", { signal: one.signal });
  const second = client.connect("", { signal: two.signal });
  const abandoned = await platform.nextSocket();
  two.expire();
  assert(abandoned.live);
  one.expire();
  assert(!abandoned.live);
  const third = client.connect();
  assertStrictEquals(await assertRejects(() => first, DOMException), one.reason);
  assertStrictEquals(await assertRejects(() => second, DOMException), two.reason);
  (await platform.nextSocket()).accept();
  await third;
  assertEquals([client.connected, platform.mostLive], [true, 1]);
});

Deno.test("one signal for two callers of connect() ends both", async () => {
  const { client, platform } = newClient();
  const { signal, expire, reason } = timeoutSignal();
  const both = [client.connect("", { signal }), client.connect("", { signal })];
  const socket = await platform.nextSocket();
  expire();
  for (const connecting of both) {
    assertStrictEquals(await assertRejects(() => connecting, DOMException), reason);
  }
  assertEquals([socket.live, client.connectionState], [false, "disconnected"]);
});

Deno.test("after an abort by the caller that started connect(), the joined one gets the server's refusal", async () => {
  const { client, platform } = newClient();
  platform.routes.set("GET /auth/me", unauthorizedRoute);
  const { signal, expire, reason } = timeoutSignal();
  const first = client.connect("", { signal });
  const joined = client.connect();
  const socket = await platform.nextSocket();
  expire();
  socket.refuse();
  assertStrictEquals(await assertRejects(() => first, DOMException), reason);
  await assertRejects(() => joined, AuthenticationError);
});

Deno.test("a connect() right after disconnect() does not join the one that disconnect() aborted", async () => {
  const { client, platform } = newClient();
  const first = client.connect();
  const abandoned = await platform.nextSocket();
  const disconnecting = client.disconnect();
  const second = client.connect();
  await assertRejects(() => first, ConnectionError, "Aborted by disconnect()");
  (await platform.nextSocket()).accept();
  await Promise.all([second, disconnecting]);
  assertEquals([client.connected, abandoned.live], [true, false]);
});

Deno.test("a connect() that replaced a reconnection goes on for the joined caller", async () => {
  const { client, platform, socket } = await connectedClient();
  socket.drop();
  const { signal, expire } = timeoutSignal();
  const first = client.connect("", { signal });
  const joined = client.connect();
  const next = await platform.nextSocket();
  expire();
  await assertRejects(() => first, DOMException);
  next.accept();
  await joined;
  assert(client.connected);
});

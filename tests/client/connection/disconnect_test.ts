/**
 * `disconnect()` settles everything that is pending, within a bounded time, in every phase of a client.
 * @module
 */
import { type AsyncClient, type ClientOptions, ConnectionError } from "@roomz/roomz/client";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { connectedClient, newClient, record } from "../support/connected_client.ts";
import type { FakePlatform } from "../support/fake_platform.ts";
import type { FakeSocket } from "../support/fake_socket.ts";
import { silentRoute } from "../support/roomz_routes.ts";
import { sessionJwt } from "../support/session_jwt.ts";

interface Phase {
  readonly client: AsyncClient;
  readonly platform: FakePlatform;
  /** How many `disconnect` events there have been. */
  readonly disconnects: readonly unknown[];
  /** The operation in progress, if any. */
  readonly connecting?: Promise<void>;
}

const options: ClientOptions = { maxReconnectAttempts: Infinity };

async function connecting(play: (socket: FakeSocket) => void, token?: string): Promise<Phase> {
  const { client, platform } = newClient(options, token);
  platform.routes.set("GET /auth/verify", silentRoute);
  platform.routes.set("GET /auth/me", silentRoute);
  const disconnects = record(client, "disconnect");
  const connecting = client.connect();
  if (token === undefined) play(await platform.nextSocket());
  else await settle();
  return { client, platform, disconnects, connecting };
}

async function reconnecting(play: (platform: FakePlatform) => Promise<void>): Promise<Phase> {
  const { client, platform, socket } = await connectedClient(options);
  platform.routes.set("GET /auth/me", silentRoute);
  const disconnects = record(client, "disconnect");
  socket.drop();
  await play(platform);
  return { client, platform, disconnects };
}

const phases: readonly [name: string, enter: () => Promise<Phase>, disconnects: number][] = [
  ["before connect()", () => {
    const { client, platform } = newClient();
    return Promise.resolve({ client, platform, disconnects: record(client, "disconnect") });
  }, 0],
  ["while the token is exchanged", () => connecting(() => {}, "magic"), 0],
  ["before the WebSocket opens", () => connecting(() => {}), 0],
  ["before the open packet", () => connecting((socket) => socket.open()), 0],
  ["while joining", () => connecting((socket) => socket.openEngine()), 0],
  ["while checking why it was refused", () => connecting((socket) => socket.refuse()), 0],
  ["while the WebSocket opens on a stalled network", () =>
    connecting((socket) => {
      socket.halfOpen = true;
    }), 0],
  ["while connected", async () => {
    const { client, platform } = await connectedClient(options);
    return { client, platform, disconnects: record(client, "disconnect") };
  }, 1],
  ["on a half-open connection", async () => {
    const { client, platform, socket } = await connectedClient(options);
    socket.halfOpen = true;
    return { client, platform, disconnects: record(client, "disconnect") };
  }, 1],
  ["while waiting to reconnect", () => reconnecting(() => settle()), 1],
  ["while reconnecting", () =>
    reconnecting(async (platform) => {
      await platform.advance(1_000);
      assertEquals(platform.sockets.length, 2);
    }), 1],
  ["while checking why a reconnection was refused", () =>
    reconnecting(async (platform) => {
      await platform.advance(1_000);
      platform.sockets[1]?.refuse();
      await settle();
    }), 1],
];

for (const [name, enter, expected] of phases) {
  Deno.test(`disconnect() ${name} settles everything within half a second`, async () => {
    const { client, platform, disconnects, connecting } = await enter();
    let connectError: unknown;
    connecting?.catch((error: unknown) => connectError = error);
    const opened = platform.sockets.length;

    let done = false;
    const leaving = client.disconnect().then(() => done = true);
    assertEquals([client.connected, client.connectionState], [false, "disconnected"]);
    assertEquals(client.user, null);
    await platform.advance(500);
    assert(done, "it returns within the bound");
    await leaving;
    if (connecting !== undefined) assertInstanceOf(connectError, ConnectionError);

    await platform.advance(1e6);
    assertEquals(platform.sockets.length, opened, "no reconnection follows");
    assertEquals(platform.sockets.filter(({ live }) => live).length, 0);
    assertEquals(platform.clock.timers, 0, "no timer is left");
    assertEquals(client.connectionState, "disconnected");
    assertEquals(disconnects.length, expected);

    await client.disconnect();
    assertEquals(disconnects.length, expected, "a second disconnect emits nothing");
  });

  Deno.test(`connect() works again after disconnect() ${name}`, async () => {
    const { client, platform, connecting } = await enter();
    connecting?.catch(() => {});
    const leaving = client.disconnect();
    await platform.advance(500);
    await leaving;
    const again = client.connect(sessionJwt("again"));
    await settle();
    platform.sockets.at(-1)?.accept();
    await again;
    assert(client.connected);
    assertEquals(platform.mostLive, 1);
  });
}

Deno.test("disconnect() waits until the socket is closed, in every phase that has one", async () => {
  const plays: ((socket: FakeSocket) => void)[] = [
    () => {},
    (socket) => socket.openEngine(),
    (socket) => socket.accept(),
  ];
  for (const play of plays) {
    const { client, platform, connecting: joining } = await connecting(play);
    joining?.catch(() => {});
    await client.disconnect();
    assertEquals(platform.sockets[0]?.readyState, WebSocket.CLOSED);
    await settle();
    assertEquals(client.abandonedSockets, 0, "a socket that closes is not abandoned");
  }
});

Deno.test("disconnect() settles pending requests with 503, and ends waitFor() and messages()", async () => {
  const { client } = await connectedClient();
  const send = client.send("hi");
  const name = client.setDisplayName("bot");
  const event = client.waitFor("message");
  const messages = client.messages();
  const next = messages.next();
  event.catch(() => {});
  await client.disconnect();
  const sent = await send;
  assert(sent.status === undefined);
  assertEquals([sent.code, sent.delivery], [503, "unknown"]);
  const named = await name;
  assertEquals(named.status === undefined && named.code, 503);
  await assertRejects(() => event, ConnectionError, 'while waiting for "message"');
  assertEquals(await next, { done: true, value: undefined });
});

Deno.test("sending after disconnect() fails, and the error says what to do", async () => {
  const { client } = await connectedClient();
  await client.disconnect();
  await assertRejects(() => client.send("hi"), ConnectionError, "Call connect() first");
  await assertRejects(() => client.setDisplayName("x"), ConnectionError, "Call connect() first");
});

Deno.test("two concurrent disconnects act as one", async () => {
  const { client } = await connectedClient();
  const disconnects = record(client, "disconnect");
  await Promise.all([client.disconnect(), client.disconnect()]);
  assertEquals(disconnects.length, 1);
});

for (const state of ["connecting", "connected", "reconnecting"] as const) {
  Deno.test(`a handler may disconnect on the state "${state}"`, async () => {
    const { client, platform } = newClient(options);
    const users: unknown[] = [];
    client.on("connection_state_changed", (change) => {
      if (change.state === state && client.connectionState === state) void client.disconnect();
    });
    client.on("authenticated", () => void users.push(client.user));
    const outcome = client.connect().then(() => {}, () => {});
    await settle();
    platform.sockets[0]?.accept();
    await outcome;
    platform.sockets[0]?.drop();
    await platform.advance(1e6);
    assertEquals(client.connectionState, "disconnected");
    assertEquals(client.user, null);
    assert(platform.sockets.length <= 1, "nothing is connected afterwards");
    assertEquals(platform.sockets.filter(({ live }) => live).length, 0);
    assertEquals(users.length, state === "reconnecting" ? 1 : 0);
  });
}

Deno.test("no error event follows if a disconnect handler calls disconnect()", async () => {
  for (const maxReconnectAttempts of [0, 1]) {
    const { client, platform, socket } = await connectedClient({ maxReconnectAttempts });
    const errors = record(client, "error");
    client.on("disconnect", () => void client.disconnect());
    socket.drop();
    await platform.advance(1e6);
    assertEquals([client.connectionState, errors.length], ["disconnected", 0]);
    assertEquals(platform.sockets.length, 1);
  }
});

Deno.test("a disconnect handler may connect again, with one socket", async () => {
  const { client, platform, socket } = await connectedClient();
  let connected: Promise<void> | undefined;
  client.on("disconnect", () => void (connected ??= client.connect()));
  socket.drop();
  const next = await platform.nextSocket();
  next.accept();
  await connected;
  await platform.advance(30_000);
  assertEquals([client.connected, platform.sockets.length, platform.mostLive], [true, 2, 1]);
});

Deno.test("disposing a client disconnects it", async () => {
  const { client, socket } = await connectedClient();
  {
    await using _ = client;
  }
  assertEquals([client.connected, socket.live], [false, false]);
});

/**
 * Connections whose peer has vanished, and which never finish closing
 * (denoland/deno#36337): they are abandoned, counted, and do no harm.
 * @module
 */
import { ConnectionError } from "@roomz/roomz/client";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { connectedClient, newClient, record } from "../support/connected_client.ts";
import type { FakeSocket } from "../support/fake_socket.ts";

/** The silence after which a connection with the heartbeat of these tests counts as dead. */
const SILENCE = 45_000;

Deno.test("a half-open connection is detected by its silence, and replaced", async () => {
  const { client, platform, socket } = await connectedClient();
  const states = record(client, "connection_state_changed");
  const pending = client.send("hi", { timeout: Infinity });
  socket.halfOpen = true;
  await platform.advance(SILENCE + 250);
  const result = await pending;
  assert(result.status === undefined);
  assertEquals([result.code, result.delivery], [503, "unknown"]);
  assertEquals(states[0]?.state, "reconnecting");
  assert(states[0]?.reason?.includes("nothing was received for 45."));
  (await platform.advanceToNextSocket()).accept();
  await settle();
  assertEquals([client.connected, platform.mostLive], [true, 1]);
  await platform.advance(500);
  assertEquals(client.abandonedSockets, 1);
  await client.disconnect();
});

Deno.test("half-open sockets are counted until the system has closed them", async () => {
  const { client, platform, socket } = await connectedClient({ reconnectDelay: 0 });
  let live = socket;
  for (let count = 1; count <= 3; count++) {
    live.halfOpen = true;
    live.deliver("41");
    live = await platform.advanceToNextSocket();
    live.accept();
    await platform.advance(500);
    assertEquals(client.abandonedSockets, count);
  }
  for (const half of platform.sockets.slice(0, 3)) half.drop();
  await settle();
  assertEquals([client.abandonedSockets, client.connected], [0, true]);
  await client.disconnect();
});

Deno.test("nothing that an abandoned connection still receives reaches the user", async () => {
  const { client, platform, socket } = await connectedClient();
  const messages = record(client, "message");
  socket.halfOpen = true;
  socket.deliver("41");
  const next = await platform.advanceToNextSocket();
  next.accept();
  await settle();
  const states = record(client, "connection_state_changed");
  socket.message("stale");
  socket.deliver("44");
  socket.deliver("1");
  socket.fail("reset");
  await platform.advance(20_000);
  assertEquals([messages.length, states.length], [0, 0]);
  assertEquals([client.connected, next.live], [true, true]);
  await client.disconnect();
});

Deno.test("disconnect() from a half-open connection returns within half a second, and counts it", async () => {
  const { client, platform, socket } = await connectedClient();
  socket.halfOpen = true;
  let done = false;
  const leaving = client.disconnect().then(() => done = true);
  await platform.advance(499);
  assertEquals(done, false);
  await platform.advance(1);
  await leaving;
  assertEquals([client.abandonedSockets, client.connectionState], [1, "disconnected"]);
  socket.drop();
  await settle();
  assertEquals(client.abandonedSockets, 0);
});

Deno.test("a socket that never opened is counted once when it is abandoned", async () => {
  const { client, platform } = newClient();
  const connecting = client.connect();
  connecting.catch(() => {});
  (await platform.nextSocket()).halfOpen = true;
  const leaving = client.disconnect();
  await platform.advance(500);
  await leaving;
  assertEquals(client.abandonedSockets, 1);
});

/** How a handshake may fail on Node 22, which fires `error` and never `close`. */
const handshakeFailures: readonly [
  name: string,
  fail: (socket: FakeSocket, leave: () => void) => void,
][] = [
  ["refused", (socket) => socket.failWithoutClose("ECONNREFUSED")],
  ["without a reason", (socket) => socket.failWithoutClose()],
  ["twice", (socket) => {
    socket.failWithoutClose("one");
    socket.failWithoutClose("two");
  }],
  ["after disconnect()", (socket, leave) => {
    leave();
    socket.failWithoutClose("closed before the connection was established");
  }],
  ["closed after all", (socket) => {
    socket.failWithoutClose("ECONNRESET");
    socket.drop();
  }],
  ["while the error is handled", (socket, leave) => {
    socket.failWithoutClose("ECONNRESET");
    leave();
  }],
];
for (const [name, fail] of handshakeFailures) {
  Deno.test(`a failed handshake that is never closed is not an abandoned socket: ${name}`, async () => {
    const { client, platform } = newClient();
    for (let round = 0; round < 3; round++) {
      const connecting = client.connect();
      const socket = await platform.nextSocket();
      socket.halfOpen = true;
      let leaving: Promise<void> | undefined;
      fail(socket, () => void (leaving = client.disconnect()));
      await assertRejects(() => connecting, ConnectionError);
      await platform.advance(1_000);
      await leaving;
      assertEquals(client.abandonedSockets, 0);
    }
  });
}

Deno.test("an error of a socket that was open does not count as its close", async () => {
  const { client, platform, socket } = await connectedClient({ reconnect: false });
  socket.halfOpen = true;
  socket.deliver("41");
  socket.failWithoutClose("reset");
  await platform.advance(500);
  assertEquals(client.abandonedSockets, 1);
  socket.drop();
  await settle();
  assertEquals(client.abandonedSockets, 0);
});

Deno.test("there is never more than one live socket, whatever is lost, connected and disconnected", async () => {
  const { client, platform } = newClient({ reconnectDelay: 100, connectionTimeout: 1_000 });
  // A fixed pseudo-random sequence of what the server and the user do.
  let seed = 42;
  const next = (count: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(seed / 65_536) % count;
  };
  for (let step = 0; step < 500; step++) {
    const socket = platform.sockets.at(-1);
    const actions = [
      () => void client.connect().catch(() => {}),
      () => void client.connect("a.b.c").catch(() => {}),
      () => void client.disconnect(),
      () => socket?.live && socket.accept(),
      () => socket?.live && socket.refuse(),
      () => socket?.live && socket.openEngine(),
      () => socket?.drop(),
      () => {
        if (socket !== undefined) socket.halfOpen = next(2) === 0;
      },
    ];
    actions[next(actions.length)]?.();
    await platform.advance(next(3) * 60);
    assert(platform.mostLive <= 1, `step ${step}`);
    assertEquals(client.connected, client.connectionState === "connected");
  }
  assert(platform.sockets.length > 50, "connections were made");
  const leaving = client.disconnect();
  await platform.advance(500);
  await leaving;
  assertEquals(platform.clock.timers, 0);
});

/**
 * The time limit and the signal of `connect()`, when the server stalls at any step.
 * @module
 */
import { ClientError, ConnectionError } from "@roomz/roomz/client";
import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertNotMatch,
  assertStrictEquals,
} from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { newClient, SERVER } from "../support/connected_client.ts";
import type { FakeSocket } from "../support/fake_socket.ts";
import { silentRoute } from "../support/roomz_routes.ts";
import { sessionJwt } from "../support/session_jwt.ts";

/** How far the handshake gets before the server stalls, and the token that it starts with. */
const stalls: readonly [step: string, token: string, play: (socket: FakeSocket) => void][] = [
  ["while the token is exchanged", "magic", () => {}],
  ["before the WebSocket opens", sessionJwt(), () => {}],
  ["before the open packet", sessionJwt(), (socket) => socket.open()],
  ["before the connect packet", sessionJwt(), (socket) => socket.openEngine()],
  ["before the authenticated event", sessionJwt(), (socket) => {
    socket.openEngine();
    socket.deliver("40");
  }],
  ["when asked why it refused the client", sessionJwt(), (socket) => socket.refuse()],
];

async function stalledConnect(
  token: string,
  play: (socket: FakeSocket) => void,
  signal?: AbortSignal,
) {
  const { client, platform } = newClient({ connectionTimeout: 2_000 }, token);
  platform.routes.set("GET /auth/verify", silentRoute);
  platform.routes.set("GET /auth/me", silentRoute);
  const connecting = client.connect("", signal === undefined ? {} : { signal });
  let error: unknown;
  connecting.catch((reason) => error = reason);
  if (token !== "magic") play(await platform.nextSocket());
  return { client, platform, error: () => error };
}

for (const [step, token, play] of stalls) {
  Deno.test(`a server that stalls ${step} is a ConnectionError within connectionTimeout`, async () => {
    const { client, platform, error } = await stalledConnect(token, play);
    await platform.advance(1_999);
    assertEquals(error(), undefined);
    await platform.advance(1);
    const thrown = error();
    assertInstanceOf(thrown, ConnectionError);
    assertMatch(thrown.message, /within 2000 ms.*connectionTimeout/);
    assertEquals(client.connectionState, "disconnected");
    await platform.advance(1e6);
    assertEquals(platform.sockets.filter(({ live }) => live).length, 0);
    assertEquals(platform.clock.timers, 0);
  });

  Deno.test(`aborting a connect() that stalls ${step} rejects with the signal's reason`, async () => {
    const controller = new AbortController();
    const { client, platform, error } = await stalledConnect(token, play, controller.signal);
    await settle();
    const reason = new Error("changed my mind");
    controller.abort(reason);
    await settle();
    assertStrictEquals(error(), reason);
    assertEquals(client.connectionState, "disconnected");
    await platform.advance(1e6);
    assertEquals(platform.sockets.filter(({ live }) => live).length, 0);
    assertEquals(platform.clock.timers, 0);
  });
}

Deno.test("every error of connect() is a ClientError, and contains no secret", async () => {
  for (const [, token, play] of stalls) {
    const { platform, error } = await stalledConnect(token, play);
    await platform.advance(5_000);
    const thrown = error();
    assertInstanceOf(thrown, ClientError);
    assertNotMatch(Deno.inspect(thrown), /SeCrEt|magic\b(?!-)/);
    assertMatch(thrown.message, new RegExp(SERVER));
  }
});

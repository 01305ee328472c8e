/**
 * Contract: logging in and sessions, through the client.
 * @module
 */
import {
  AuthenticationError,
  ConnectionError,
  type ConnectionState,
  MemorySessionCache,
} from "@roomz/roomz/client";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import type { ContractTest, Scene } from "./support/scene.ts";
import { mintSession, REFUSED_EMAIL } from "./support/target.ts";

/** Requests a magic link. @returns Its token. */
async function requestToken(scene: Scene): Promise<string> {
  assertStrictEquals(await scene.client().login(scene.email), true);
  return await scene.server.magicLinkToken(scene.email);
}

export function sessionContract(test: ContractTest): void {
  test("a magic link logs in, and the client has its user", async (scene) => {
    const client = scene.client();
    assertEquals(await client.login(scene.email), true);
    await client.connect(await scene.server.magicLinkToken(scene.email));
    assertEquals(client.connected, true);
    assertEquals(client.connectionState, "connected");
    assertEquals(client.user, {
      id: `user:${scene.email}`,
      email: scene.email,
      display_name: null,
    });
  });

  test("the constructor accepts the token of a magic link", async (scene) => {
    const client = scene.client(await requestToken(scene));
    await client.connect();
    assertEquals(client.user?.email, scene.email);
  });

  test("an invalid magic-link token is an authentication error", async (scene) => {
    const client = scene.client("no-such-token");
    await assertRejects(() => client.connect(), AuthenticationError, "magic-link token");
    assertEquals(client.connected, false);
    assertEquals(client.connectionState, "disconnected");
  });

  test("a magic link works once", async (scene) => {
    const token = await requestToken(scene);
    await scene.client(token).connect();
    const late = scene.client(token);
    await assertRejects(() => late.connect(), AuthenticationError, "already used");
  });

  test("a used magic-link token works again if the session is cached", async (scene) => {
    const token = await requestToken(scene);
    const sessionCache = new MemorySessionCache();
    const firstRun = scene.client(token, { sessionCache });
    await firstRun.connect();
    await firstRun.disconnect();
    const secondRun = scene.client(token, { sessionCache });
    await secondRun.connect();
    assertEquals(secondRun.connected, true);
  });

  test("a cached session needs no token", async (scene) => {
    const sessionCache = new MemorySessionCache();
    const token = await requestToken(scene);
    await scene.client(token, { sessionCache }).connect();
    const other = scene.client("", { sessionCache });
    await other.connect();
    assertEquals(other.user?.email, scene.email);
  });

  test("an address that is not allowed gets the reason", async (scene) => {
    const client = scene.client();
    await assertRejects(() => client.login(REFUSED_EMAIL), ConnectionError, "not authorized");
  });

  test("an invalid address gets the reason", async (scene) => {
    const client = scene.client();
    await assertRejects(() => client.login("nobody"), ConnectionError, "Invalid email format");
  });

  test("the sixth link within an hour is refused with the reason", async (scene) => {
    const client = scene.client();
    for (let i = 0; i < 5; i++) assertEquals(await client.login(scene.email), true);
    await assertRejects(() => client.login(scene.email), ConnectionError, "Too many requests");
  });

  test("whoami queries the server, connected or not", async (scene) => {
    const client = await scene.connect();
    const account = await client.whoami();
    assertEquals(account.email, scene.email);
    assert(Math.abs(Date.parse(account.created_at) - Date.now()) < 60_000, account.created_at);
    await client.disconnect();
    assertEquals(await client.whoami(), account);
    await assertRejects(() => scene.client().whoami(), AuthenticationError, "Not logged in");
  });

  test("a session is reused after disconnect(), and deleted by logout()", async (scene) => {
    const client = await scene.connect();
    await client.disconnect();
    assertEquals(client.connected, false);
    assertEquals(client.user, null);
    await client.connect();
    assertEquals(client.connected, true);
    await client.logout();
    assertEquals(client.connected, false);
    await assertRejects(() => client.connect(), AuthenticationError, "Not logged in");
  });

  test("a refused session is an authentication error and is not retried", async (scene) => {
    const refused = {
      forged: await scene.session({ secret: "another secret of 32 characters or more" }),
      "of someone not allowed": await mintSession(REFUSED_EMAIL),
    };
    for (const [kind, session] of Object.entries(refused)) {
      const client = scene.client(session);
      const states: ConnectionState[] = [];
      client.on("connection_state_changed", ({ state }) => void states.push(state));
      await assertRejects(() => client.connect(), AuthenticationError, "does not accept", kind);
      assertEquals(states, ["connecting", "disconnected"], kind);
    }
  });

  test("an expired session is an authentication error", async (scene) => {
    const client = scene.client(await scene.session({ expiresIn: -60_000 }));
    await assertRejects(() => client.connect(), AuthenticationError, "expired");
  });

  test("open() connects, and the end of the block disconnects", async (scene) => {
    const other = await scene.connect();
    const left = other.waitFor("user_left", { timeout: 10_000 });
    {
      await using client = await scene.connect();
      assertEquals(client.connected, true);
    }
    assertEquals((await left).remaining_connections, 1);
  });
}
